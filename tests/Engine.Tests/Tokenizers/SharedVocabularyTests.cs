using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Tests.Tokenizers;

/// <summary>Which vocabularies are the same to a draft model.</summary>
public sealed class SharedVocabularyTests
{
    private static readonly TokenizerMetadata Bytes = SmallVocabularies.ByteLevel();

    [Fact]
    public void Require_TheSameOrALittleLonger_Passes()
    {
        SharedVocabulary.Require(new(Bytes), "a", new(Bytes), "b");
        SharedVocabulary.Require(new(Bytes), "a", new(Longer(128)), "b");
        SharedVocabulary.Require(new(Longer(128)), "a", new(Bytes), "b");
    }

    [Fact]
    public void Require_AnotherVocabulary_SaysWhatDiffers()
    {
        Assert.Contains("one is Bpe, the draft model's Spm", Refusal(SmallVocabularies.Spm()), StringComparison.Ordinal);
        Assert.Contains("262 tokens, and 391 in the draft model", Refusal(Longer(129)), StringComparison.Ordinal);
        Assert.Contains("token 257 is 'low', and 'high' in the draft model", Refusal(Bytes with { Tokens = [.. Bytes.Tokens.Select(static token => token == "low" ? "high" : token)] }), StringComparison.Ordinal);
        Assert.Contains("texts begin with no token of their own, and with token 260 in the draft model", Refusal(Bytes with { Bos = 260, AddBos = true }), StringComparison.Ordinal);
    }

    private static string Refusal(TokenizerMetadata draft)
    {
        var refused = Assert.Throws<EngineException>(() => SharedVocabulary.Require(new(Bytes), "large", new(draft), "small"));
        Assert.Equal(EngineErrorKind.InvalidRequest, refused.Kind);
        Assert.StartsWith("'small' cannot guess for 'large'", refused.Message, StringComparison.Ordinal);
        return refused.Message;
    }

    private static TokenizerMetadata Longer(int more) => Bytes with { Tokens = [.. Bytes.Tokens, .. Enumerable.Range(0, more).Select(static i => $"[PAD{i}]")], TokenTypes = [.. Bytes.TokenTypes!, .. Enumerable.Repeat(5, more)] };
}
