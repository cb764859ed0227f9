using System.Text;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Tests.Tokenizers;

public sealed class TokenizerTests
{
    private static readonly Tokenizer s_bytes = new(SmallVocabularies.ByteLevel());
    private static readonly Tokenizer s_spm = new(SmallVocabularies.Spm());
    private static readonly Tokenizer s_wordPiece = new(SmallVocabularies.WordPiece());

    [Fact]
    public void Encode_ByteLevel_MergesByRankWithinWords()
    {
        Assert.Equal([257, 258, 259], s_bytes.Encode("lower low", false, false));
        Assert.Equal("lower low", s_bytes.Decode(s_bytes.Encode("lower low", false, false)));
    }

    [Fact]
    public void Encode_ControlTokenInText_IsATokenOnlyWhenAsked()
    {
        Assert.Equal([260, 257], s_bytes.Encode("<|im_end|>low", false, parseSpecial: true));
        int[] plain = s_bytes.Encode("<|im_end|>low", false, parseSpecial: false);
        Assert.DoesNotContain(260, plain);
        Assert.Equal("<|im_end|>low", s_bytes.Decode(plain));
    }

    [Fact]
    public void Encode_UserDefinedTokenInText_IsAlwaysAToken() =>
        Assert.Equal([257, 261, 258], s_bytes.Encode("low<note>er", false, false));

    [Fact]
    public void Encode_Spm_TakesTheBestScoreFirstAndFallsBackToBytes()
    {
        int First(string piece) => s_spm.Vocabulary.IdOf(piece);
        Assert.Equal([1, First("▁"), First("abc")], s_spm.Encode("abc", addSpecial: true, false));
        Assert.Equal([First("▁ab"), First("▁"), First("aa"), First("a")], s_spm.Encode("ab aaa", false, false));
        Assert.Equal([First("▁"), 3 + 0xC3, 3 + 0xA9], s_spm.Encode("é", false, false));
        Assert.Equal("é", s_spm.Decode([First("▁"), 3 + 0xC3, 3 + 0xA9]));
    }

    [Fact]
    public void Encode_WordPiece_NormalisesCutsAndSurrounds()
    {
        Assert.Equal([2, 4, 5, 6, 7, 3], s_wordPiece.Encode("Playing  A.", addSpecial: true, false));
        Assert.Equal([10, 11, 1], s_wordPiece.Encode("É中zzz", false, false));
        Assert.Equal([2, 3], s_wordPiece.Encode("", addSpecial: true, false));
    }

    [Fact]
    public void EndOfGeneration_TurnEndByText_IsKnown()
    {
        Assert.True(s_bytes.IsEndOfGeneration(260));
        Assert.False(s_bytes.IsEndOfGeneration(257));
        Assert.Empty(s_bytes.TokenBytes(260).ToArray());
        Assert.Equal("<|im_end|>"u8.ToArray(), s_bytes.TokenBytes(260, special: true).ToArray());
    }

    [Theory]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("qwen2")]
    [InlineData("deepseek-llm")]
    [InlineData("deepseek-coder")]
    [InlineData("starcoder")]
    [InlineData("gpt-4o")]
    [InlineData("deepseek-v3")]
    [InlineData("tekken")]
    [InlineData("kimi-k2")]
    public void EncodeDecode_RandomText_RoundTripsInEveryByteLevelPreTokenizer(string pre)
    {
        var tokenizer = new Tokenizer(SmallVocabularies.ByteLevel(pre) with { AddBos = false });
        var random = new Random(20261124);
        for (int i = 0; i < 300; i++)
        {
            string text = RandomText(random);
            byte[] expected = Encoding.UTF8.GetBytes(text);
            byte[] actual = [.. tokenizer.Encode(text, false, parseSpecial: random.Next(2) == 0).SelectMany(id => tokenizer.TokenBytes(id, special: true).ToArray())];
            Assert.Equal(Convert.ToHexString(expected), Convert.ToHexString(actual));
        }
    }

    [Fact]
    public void EncodeDecode_RandomTextSpm_LosesNothing()
    {
        var random = new Random(7);
        for (int i = 0; i < 300; i++)
        {
            string text = "a" + RandomText(random).Replace('\u2581', '_');
            string wellFormed = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
            Assert.Equal(wellFormed, s_spm.Decode(s_spm.Encode(text, false, false)));
        }
    }

    [Theory]
    [InlineData("spm")]
    [InlineData("gpt-2")]
    [InlineData("llama-bpe")]
    [InlineData("wordpiece")]
    public void Encode_OneMegabyteOfOneLetter_DoesNotHang(string kind)
    {
        Tokenizer tokenizer = kind switch { "spm" => s_spm, "wordpiece" => s_wordPiece, _ => new Tokenizer(SmallVocabularies.ByteLevel(kind)) };
        foreach (string text in (string[])[new string('a', 1 << 20), new string(' ', 1 << 20), new string('\n', 1 << 20)])
        {
            long before = TimeProvider.System.GetTimestamp();
            tokenizer.Encode(text, false, true);
            Assert.True(TimeProvider.System.GetElapsedTime(before) < TimeSpan.FromSeconds(20), kind);
        }
    }

    [Fact]
    public void Tokenizer_MetadataThatContradictsItself_IsRefused()
    {
        TokenizerMetadata good = SmallVocabularies.ByteLevel();
        Assert.Throws<InvalidDataException>(() => new Tokenizer(good with { Model = "rwkv" }));
        Assert.Throws<InvalidDataException>(() => new Tokenizer(good with { Pre = "none-such" }));
        Assert.Throws<InvalidDataException>(() => new Tokenizer(good with { Tokens = [] }));
        Assert.Throws<InvalidDataException>(() => new Tokenizer(good with { TokenTypes = [1] }));
        Assert.Throws<InvalidDataException>(() => new Tokenizer(good with { Merges = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => s_bytes.Decode([-1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => s_bytes.Decode([99999]));
    }

    private static string RandomText(Random random)
    {
        var text = new StringBuilder();
        string[] parts = ["low", " lower", "'s", "\r\n", "   ", "\t", "é", "中文", "😀", "\ud83d", "\udc00", "123456", "<|im_end|>", "<note>", "!?", "ABcd", "\u0301", "\u00a0", "한국", "\0"];
        for (int n = random.Next(30); n >= 0; n--)
            text.Append(random.Next(3) == 0 ? ((char)random.Next(1, 0x3000)).ToString() : parts[random.Next(parts.Length)]);
        return text.ToString();
    }
}
