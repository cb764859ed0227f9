namespace Countersign.Engine.Tokenizers;

/// <summary>A pre-tokenizer expression: alternatives of quantified character classes, with groups, look-ahead for one class and end of text.
/// Works on code points (.NET's own expressions see halves of surrogate pairs). A group, once matched, is not tried another way:
/// the expressions need no more, and matching stays linear in practice.</summary>
internal sealed class Pattern
{
    private readonly Item[][] _alternatives;

    private Pattern(Item[][] alternatives) => _alternatives = alternatives;

    /// <summary>One quantified part of a sequence.</summary>
    internal sealed record Item(ItemKind Kind, CharacterClass? Class, Pattern? Group, int Minimum, int Maximum);

    /// <summary>What an item is.</summary>
    internal enum ItemKind { Class, Group, NotFollowedBy, End }

    public static Pattern Parse(string expression) => new PatternParser(expression).Parse();

    internal static Pattern Of(List<Item[]> alternatives) => new([.. alternatives]);

    /// <summary>The end of the match that begins exactly at <paramref name="start"/>, or -1.</summary>
    public int Match(ReadOnlySpan<char> text, int start)
    {
        foreach (Item[] sequence in _alternatives)
        {
            int end = Match(sequence, 0, text, start);
            if (end >= 0) return end;
        }

        return -1;
    }

    private static int Match(Item[] sequence, int index, ReadOnlySpan<char> text, int at)
    {
        for (; index < sequence.Length; index++)
        {
            Item item = sequence[index];
            switch (item.Kind)
            {
                case ItemKind.End:
                    if (at != text.Length) return -1;
                    break;
                case ItemKind.NotFollowedBy:
                    if (at < text.Length && item.Class!.Contains(CodePoint(text, at, out _))) return -1;
                    break;
                case ItemKind.Group:
                    int end = item.Group!.Match(text, at);
                    if (end < 0 && item.Minimum > 0) return -1;
                    if (end >= 0) at = end;
                    break;
                default:
                    return MatchRepeated(sequence, index, text, at);
            }
        }

        return at;
    }

    private static int MatchRepeated(Item[] sequence, int index, ReadOnlySpan<char> text, int at)
    {
        Item item = sequence[index];
        int count = 0;
        while (count < item.Maximum && at < text.Length && item.Class!.Contains(CodePoint(text, at, out int width)))
        {
            at += width;
            count++;
        }

        if (index + 1 == sequence.Length) return count >= item.Minimum ? at : -1;
        for (; count >= item.Minimum; count--)
        {
            int end = Match(sequence, index + 1, text, at);
            if (end >= 0) return end;
            if (count == 0) break;
            at -= at >= 2 && char.IsLowSurrogate(text[at - 1]) && char.IsHighSurrogate(text[at - 2]) ? 2 : 1;
        }

        return -1;
    }

    internal static int CodePoint(ReadOnlySpan<char> text, int at, out int width)
    {
        char c = text[at];
        if (char.IsHighSurrogate(c) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
        {
            width = 2;
            return char.ConvertToUtf32(c, text[at + 1]);
        }

        width = 1;
        return c;
    }
}
