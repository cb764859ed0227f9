using System.Globalization;
using System.Text;

namespace Countersign.Cascade.Answers;

/// <summary>Reads a string of near-JSON: finds where it really ends, and tells escapes from LaTeX.</summary>
internal static class NearJsonString
{
    /// <summary>Where the string stands; it decides what may follow its closing quote.</summary>
    public enum Place { Top, Key, Member, Item }

    // How far a look-ahead behind a quote goes, over white space and over a key. It keeps the whole linear.
    private const int MaxSpace = 200, MaxKeyLength = 100;

    /// <summary>Reads the string that opens at <paramref name="start"/>; <c>null</c> where it never closes.</summary>
    public static string? Read(string text, int start, Place place, ISet<string> mends, out int end)
    {
        char quote = text[start] == '“' ? '”' : text[start];
        var content = new StringBuilder();
        for (end = start + 1; end < text.Length;)
        {
            char c = text[end];
            if (c == quote && Closes(text, end + 1, place))
            {
                if (quote != '"') mends.Add("quotes made double");
                end++;
                return content.ToString();
            }

            if (c == '\\' && end + 1 < text.Length)
            {
                end += AppendEscape(content, text, end, mends);
                continue;
            }

            if (c == quote) mends.Add("quotes within a string escaped");
            if (c < ' ') mends.Add("line breaks within a string escaped");
            content.Append(c);
            end++;
        }

        return null;
    }

    /// <summary>The index after white space and comments.</summary>
    public static int AfterSpace(ReadOnlySpan<char> text, int index, out bool hadComment)
    {
        for (hadComment = false; index < text.Length; hadComment = true)
        {
            while (index < text.Length && char.IsWhiteSpace(text[index])) index++;
            var rest = text[index..];
            if (rest.StartsWith("//") || rest.StartsWith("# ")) index = rest.IndexOf('\n') is var line and >= 0 ? index + line : text.Length;
            else if (rest.StartsWith("/*")) index = rest.IndexOf("*/") is var close and >= 0 ? index + close + 2 : text.Length;
            else break;
        }

        return index;
    }

    private static int AfterNearSpace(string text, int index) => AfterSpace(text.AsSpan(0, Math.Min(text.Length, index + MaxSpace)), index, out _);

    /// <summary>Whether what follows a quote is what follows a string there.</summary>
    private static bool Closes(string text, int index, Place place)
    {
        index = AfterNearSpace(text, index);
        char next = index < text.Length ? text[index] : '\0';
        return place switch
        {
            Place.Key => next == ':',
            Place.Item => next is ']' or ',' or '\0',
            Place.Member => next is '}' or '\0' || (next == ',' ? EndsOrContinues(text, index + 1) : IsKey(text, index)),
            _ => true,
        };
    }

    private static bool EndsOrContinues(string text, int index)
    {
        index = AfterNearSpace(text, index);
        return index >= text.Length || text[index] == '}' || IsKey(text, index);
    }

    private static bool IsKey(string text, int index)
    {
        if (index >= text.Length) return false;
        char open = text[index];
        int end = open is '"' or '\'' or '“'
            ? text.IndexOf(open == '“' ? '”' : open, index + 1, Math.Min(MaxKeyLength, text.Length - index - 1)) + 1
            : AfterWord(text, index);
        if (end <= index) return false;
        end = AfterNearSpace(text, end);
        return end < text.Length && text[end] == ':';
    }

    private static int AfterWord(string text, int index)
    {
        int limit = Math.Min(text.Length, index + MaxKeyLength);
        while (index < limit && (char.IsLetterOrDigit(text[index]) || text[index] is '_' or '-')) index++;
        return index;
    }

    /// <summary>Appends what the backslash at <paramref name="index"/> means; returns how many characters it takes.</summary>
    private static int AppendEscape(StringBuilder content, string text, int index, ISet<string> mends)
    {
        char c = text[index + 1];
        if (Latex.IsCommandAt(text.AsSpan(index + 1)))
        {
            mends.Add("LaTeX backslashes escaped");
            content.Append('\\').Append(c);
            return 2;
        }

        if (c == 'u' && IsHex(text, index + 2, out char code))
        {
            content.Append(code);
            return 6;
        }

        int escape = "\"\\/bfnrt".IndexOf(c, StringComparison.Ordinal);
        if (escape >= 0)
        {
            content.Append("\"\\/\b\f\n\r\t"[escape]);
            return 2;
        }

        mends.Add(c == '\'' ? "quotes unescaped" : "backslashes escaped");
        if (c != '\'') content.Append('\\');
        if (c >= ' ') content.Append(c);
        return 2;
    }

    private static bool IsHex(string text, int index, out char code)
    {
        code = '\0';
        if (index + 4 > text.Length || !ushort.TryParse(text.AsSpan(index, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value)) return false;
        code = (char)value;
        return true;
    }
}
