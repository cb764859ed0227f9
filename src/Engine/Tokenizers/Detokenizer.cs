namespace Countersign.Engine.Tokenizers;

/// <summary>Token ids to bytes, with the space rules that some vocabularies have.</summary>
internal static class Detokenizer
{
    public static byte[] Decode(Vocabulary vocabulary, ReadOnlySpan<int> ids, bool removeSpecial, bool unparseSpecial)
    {
        bool removeSpace = vocabulary.AddSpacePrefix;
        if (removeSpecial && vocabulary.AddBos && ids.Length > 0 && ids[0] == vocabulary.Bos)
        {
            removeSpace = false;
            ids = ids[1..];
        }

        if (removeSpecial && vocabulary.AddEos && ids.Length > 0 && ids[^1] == vocabulary.Eos) ids = ids[..^1];
        var text = new List<byte>(ids.Length * 4);
        foreach (int id in ids)
        {
            if ((uint)id >= (uint)vocabulary.Count) throw new ArgumentOutOfRangeException(nameof(ids), id, $"The vocabulary has {vocabulary.Count} tokens.");
            ReadOnlySpan<byte> piece = unparseSpecial || !vocabulary.IsHidden(id) ? vocabulary.BytesOf(id) : [];
            text.AddRange(removeSpace && piece.StartsWith(" "u8) ? piece[1..] : piece);
            removeSpace = false;
        }

        return vocabulary.CleanSpaces ? Clean([.. text]) : [.. text];
    }

    // The "clean_up_tokenization_spaces" of the models' own tokenizers, in llama.cpp's three passes: " ?" and the like, " ' ", " 's".
    private static byte[] Clean(byte[] text)
    {
        text = Pass(text, static (before, at) => before[at] is (byte)'?' or (byte)'!' or (byte)'.' or (byte)',' ? 0 : -1);
        text = Pass(text, static (before, at) => before[at] == '\'' && at + 1 < before.Length && before[at + 1] == ' ' ? 1 : -1);
        return Pass(text, static (before, at) => IsJoinedContraction(before.AsSpan(at)) ? 0 : -1);
    }

    /// <summary>Drops a space before each place where <paramref name="dropped"/> is not negative, and so many bytes after it.</summary>
    private static byte[] Pass(byte[] text, Func<byte[], int, int> dropped)
    {
        var result = new List<byte>(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            int after = i > 0 && text[i - 1] == ' ' ? dropped(text, i) : -1;
            if (after >= 0) result.RemoveAt(result.Count - 1);
            result.Add(text[i]);
            for (; after > 0; after--) text[++i] = 0;
        }

        return [.. result];
    }

    private static bool IsJoinedContraction(ReadOnlySpan<byte> text) =>
        text.StartsWith("'s"u8) || text.StartsWith("'m"u8) || text.StartsWith("'re"u8) || text.StartsWith("'ve"u8);
}
