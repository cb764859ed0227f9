using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Tests.Tokenizers;

/// <summary>Vocabularies small enough to merge by hand, one of each kind.</summary>
internal static class SmallVocabularies
{
    /// <summary>Byte-level: 256 bytes, then l+o, lo+w, e+r, Ġ+low, a control token and a user-defined one.</summary>
    public static TokenizerMetadata ByteLevel(string pre = "gpt-2")
    {
        string[] tokens = [.. Enumerable.Range(0, 256).Select(b => Countersign.Engine.Tokenizers.ByteLevel.CharOf((byte)b).ToString()), "lo", "low", "er", "Ġlow", "<|im_end|>", "<note>"];
        int[] types = [.. Enumerable.Repeat(1, 260), 3, 4];
        return new() { Model = "gpt2", Pre = pre, Tokens = tokens, TokenTypes = types, Merges = ["l o", "lo w", "e r", "Ġ low"], Eos = 260 };
    }

    /// <summary>SPM: unknown, begin, end, 256 byte tokens, then pieces with scores.</summary>
    public static TokenizerMetadata Spm()
    {
        (string Text, float Score)[] pieces = [("▁", -1), ("a", -2), ("b", -3), ("c", -9), ("ab", -4), ("▁ab", -5), ("bc", -3.5f), ("abc", -6), ("aa", -2.5f)];
        return new()
        {
            Model = "llama",
            Tokens = [.. (string[])["<unk>", "<s>", "</s>"], .. Enumerable.Range(0, 256).Select(b => $"<0x{b:X2}>"), .. pieces.Select(piece => piece.Text)],
            TokenTypes = [2, 3, 3, .. Enumerable.Repeat(6, 256), .. Enumerable.Repeat(1, pieces.Length)],
            Scores = [0, 0, 0, .. Enumerable.Repeat(-100f, 256), .. pieces.Select(piece => piece.Score)],
        };
    }

    /// <summary>WordPiece: 0 padding, 1 unknown, 2 and 3 around the text.</summary>
    public static TokenizerMetadata WordPiece() => new()
    {
        Model = "bert",
        Tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "▁play", "ing", "▁a", "▁.", "s", "▁é", "▁e", "▁中"],
        TokenTypes = [3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1],
        Unknown = 1,
        Bos = 2,
        Separator = 3,
    };
}
