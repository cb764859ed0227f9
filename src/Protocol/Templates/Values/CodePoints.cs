namespace Countersign.Protocol.Templates.Values;

/// <summary>Texts as Python sees them, code point by code point. A lone surrogate is a code point too.</summary>
internal static class CodePoints
{
    public static int Count(string text)
    {
        if (!HasSurrogates(text)) return text.Length;
        int count = 0;
        for (int i = 0; i < text.Length; i += Width(text, i)) count++;
        return count;
    }

    /// <summary>The place in UTF-16 of code point <paramref name="index"/>, which may be the text's end.</summary>
    public static int Offset(string text, int index)
    {
        if (!HasSurrogates(text)) return index;
        int at = 0;
        for (; index > 0; index--) at += Width(text, at);
        return at;
    }

    /// <summary>The code point's index of a place in UTF-16.</summary>
    public static int Index(string text, int offset) => Count(text[..offset]);

    public static string At(string text, int index)
    {
        int at = Offset(text, index);
        return text.Substring(at, Width(text, at));
    }

    public static IEnumerable<string> Split(string text)
    {
        for (int at = 0; at < text.Length;)
        {
            int width = Width(text, at);
            yield return text.Substring(at, width);
            at += width;
        }
    }

    /// <summary>Order by code points; UTF-16 would put U+FFxx behind the emoji.</summary>
    public static int Compare(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length) return left.Length - right.Length;
        bool leftPair = char.IsSurrogate(left[common]), rightPair = char.IsSurrogate(right[common]);
        return leftPair == rightPair ? left[common] - right[common] : leftPair ? 1 : -1;
    }

    public static int Width(string text, int at) => at + 1 < text.Length && char.IsSurrogatePair(text[at], text[at + 1]) ? 2 : 1;

    private static bool HasSurrogates(string text) => text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
}
