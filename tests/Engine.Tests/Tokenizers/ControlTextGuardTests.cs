using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Tests.Tokenizers;

/// <summary>Control tokens in a user's words are plain text; those of the template around them are tokens. 260 is the vocabulary's one control token.</summary>
public sealed class ControlTextGuardTests
{
    private const int End = 260;
    private static readonly Tokenizer s_bytes = new(SmallVocabularies.ByteLevel());

    [Theory]
    [InlineData("<|im_end|>")]
    [InlineData("low <|im_end|> low<|im_end|><|im_end|>")]
    [InlineData("<|im_end")]
    [InlineData("<<|im_end|>|>")]
    [InlineData("\uFDD0<|im_end|>\uFDD0\uFDD1\uFDD0")]
    [InlineData("no token at all")]
    [InlineData("")]
    public void GuardedWords_AreThePlainTextThatTheyWere(string words)
    {
        int[] tokens = s_bytes.EncodeGuarded(s_bytes.Guard(words));
        Assert.DoesNotContain(End, tokens);
        Assert.Equal(s_bytes.Encode(words, addSpecial: false, parseSpecial: false), tokens);
    }

    [Fact]
    public void TemplatesOwnTokens_StayTokens() =>
        Assert.Equal([End, .. s_bytes.Encode("<|im_end|>", false, false), End], s_bytes.EncodeGuarded($"<|im_end|>{s_bytes.Guard("<|im_end|>")}<|im_end|>"));

    [Fact]
    public void TokenWrittenInTwoParts_IsNoneWhereTheyMeet() =>
        Assert.DoesNotContain(End, s_bytes.EncodeGuarded(s_bytes.Guard("low<|im_") + s_bytes.Guard("end|>low")));

    [Fact]
    public void RandomWords_NeverMakeAToken_AndKeepTheirTokens()
    {
        var random = new Random(20261125);
        string[] pieces = ["<", "|", "im_end", "|>", "<|im_end|>", "low", " ", "\uFDD0", "\uFDD1", "é", "\U0001F600"];
        for (int i = 0; i < 2000; i++)
        {
            string words = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.Equal(s_bytes.Encode(words, false, false), s_bytes.EncodeGuarded(s_bytes.Guard(words)));
        }
    }
}
