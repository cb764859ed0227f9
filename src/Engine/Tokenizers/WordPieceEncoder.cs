using System.Globalization;
using System.Text;

namespace Countersign.Engine.Tokenizers;

/// <summary>WordPiece as BERT has it: normalised words, each cut greedily into the longest tokens; a word that cannot be cut is the unknown token.
/// In GGUF a word's first piece begins with U+2581, the following ones stand bare.</summary>
internal sealed class WordPieceEncoder
{
    private readonly Vocabulary _vocabulary;
    private readonly int _longest;
    private readonly bool _lowercase;
    private readonly bool _stripAccents;

    public WordPieceEncoder(Vocabulary vocabulary)
    {
        _vocabulary = vocabulary;
        _longest = vocabulary.Metadata.Tokens.Max(token => token.Length);
        _lowercase = vocabulary.Metadata.Lowercase ?? true;
        _stripAccents = vocabulary.Metadata.StripAccents ?? _lowercase;
    }

    public void Encode(ReadOnlySpan<char> text, List<int> ids)
    {
        var word = new StringBuilder("\u2581");
        foreach (Rune rune in text.EnumerateRunes())
        {
            int c = _stripAccents ? BaseLetters.Of(rune.Value) : rune.Value;
            if (c < 0x10000 && char.IsWhiteSpace((char)c))
            {
                EndWord(word, ids);
                continue;
            }

            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(c);
            if (IsDropped(c, category)) continue;
            int letter = _lowercase ? Rune.ToLowerInvariant(new Rune(c)).Value : c;
            bool alone = StandsAlone(c, category);
            if (alone) EndWord(word, ids);
            word.Append(char.ConvertFromUtf32(letter));
            if (alone) EndWord(word, ids);
        }

        EndWord(word, ids);
    }

    private bool IsDropped(int c, UnicodeCategory category) =>
        c is 0 or 0xFFFD
        || category is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
        || _stripAccents && category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    private static bool StandsAlone(int c, UnicodeCategory category) =>
        category is >= UnicodeCategory.ConnectorPunctuation and <= UnicodeCategory.OtherPunctuation
        || c < 0x7F && category is >= UnicodeCategory.MathSymbol and <= UnicodeCategory.OtherSymbol
        || c is >= 0x4E00 and <= 0x9FFF or >= 0x3400 and <= 0x4DBF or >= 0x20000 and <= 0x2A6DF or >= 0x2A700 and <= 0x2B81F
            or >= 0x2B920 and <= 0x2CEAF or >= 0xF900 and <= 0xFAFF or >= 0x2F800 and <= 0x2FA1F;

    private void EndWord(StringBuilder word, List<int> ids)
    {
        if (word.Length > 1) Cut(word.ToString(), ids);
        word.Length = 1;
    }

    private void Cut(ReadOnlySpan<char> word, List<int> ids)
    {
        int before = ids.Count;
        for (int start = 0; start < word.Length;)
        {
            int length = Math.Min(_longest, word.Length - start);
            int id = -1;
            for (; length > 0 && (id = _vocabulary.IdOf(word.Slice(start, length))) < 0; length--) { }

            if (id < 0)
            {
                ids.RemoveRange(before, ids.Count - before);
                if (_vocabulary.Unknown >= 0) ids.Add(_vocabulary.Unknown);
                return;
            }

            ids.Add(id);
            start += length;
        }
    }
}
