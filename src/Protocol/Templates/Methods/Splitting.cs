using Countersign.Protocol.Templates.Lexing;

namespace Countersign.Protocol.Templates.Methods;

/// <summary><c>split</c> and its like.</summary>
internal static class Splitting
{
    /// <summary>By runs of white space, without empty ends, at most <paramref name="splits"/> times (-1: any number).</summary>
    public static List<string> Words(string text, int splits)
    {
        var words = new List<string>();
        int at = PythonSpace.Skip(text, 0);
        while (at < text.Length)
        {
            int end = at;
            while (end < text.Length && !PythonSpace.Is(text[end])) end++;
            if (splits >= 0 && words.Count == splits) end = PythonSpace.TrimEnd(text).Length;
            words.Add(text[at..end]);
            at = PythonSpace.Skip(text, end);
        }

        return words;
    }

    /// <summary>The same from the right.</summary>
    public static List<string> WordsFromRight(string text, int splits)
    {
        var words = Words(text, -1);
        if (splits < 0 || words.Count <= splits + 1) return words;
        int end = text.Length;
        for (int i = 0; i < splits; i++)
        {
            end = PythonSpace.TrimEnd(text.AsSpan(0, end)).Length - words[words.Count - 1 - i].Length;
        }

        string head = PythonSpace.Trim(text.AsSpan(0, end)).ToString();
        return [head, .. words[(words.Count - splits)..]];
    }

    public static List<string> By(string text, string separator, int splits)
    {
        if (separator.Length == 0) throw TemplateException.Other("empty separator");
        return [.. splits < 0 ? text.Split(separator) : text.Split(separator, splits == int.MaxValue ? splits : splits + 1)];
    }

    public static List<string> ByFromRight(string text, string separator, int splits)
    {
        if (separator.Length == 0) throw TemplateException.Other("empty separator");
        var parts = new List<string>();
        int end = text.Length;
        while ((splits < 0 || parts.Count < splits) && text.AsSpan(0, end).LastIndexOf(separator) is var at && at >= 0)
        {
            parts.Insert(0, text[(at + separator.Length)..end]);
            end = at;
        }

        parts.Insert(0, text[..end]);
        return parts;
    }

    /// <summary>Lines as <c>splitlines</c> cuts them.</summary>
    public static string[] Lines(string text, bool keepEnds = false)
    {
        var lines = new List<string>();
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            while (end < text.Length && !IsLineEnd(text[end])) end++;
            int next = end + (end + 1 < text.Length && text[end] == '\r' && text[end + 1] == '\n' ? 2 : 1);
            lines.Add(text[at..(keepEnds ? Math.Min(next, text.Length) : end)]);
            at = next;
        }

        return [.. lines];
    }

    private static bool IsLineEnd(char character) => character is (>= '\n' and <= '\r') or (>= '\x1c' and <= '\x1e') or '\x85' or '\u2028' or '\u2029';
}
