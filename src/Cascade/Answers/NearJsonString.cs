using System.Globalization;
using System.Text;

namespace Countersign.Cascade.Answers;

/// <summary>Reads strings of near-JSON: finds where they really end, and tells escapes from LaTeX.</summary>
internal sealed class NearJsonString(string text, int start)
{
    /// <summary>Where a string stands; it decides what may follow its closing quote.</summary>
    public enum Place { Top, Key, Member, Item }

    // How far a look-ahead behind a quote goes, over white space and over a key. It keeps the whole linear.
    private const int MaxSpace = 200, MaxKeyLength = 100;

    private bool? hasLatex;

    /// <summary>What was mended.</summary>
    public SortedSet<string> Mends { get; } = new(StringComparer.Ordinal);

    /// <summary>Why a string is not guessed.</summary>
    public string? Objection { get; private set; }

    private bool HasLatex => hasLatex ??= Latex.IsUnescapedIn(text.AsSpan(start));

    /// <summary>Reads the string that opens at <paramref name="from"/>; <c>null</c> where it never closes, or may close at several places.</summary>
    public string? Read(int from, Place place, out int end)
    {
        char quote = text[from] == '“' ? '”' : text[from];
        var content = new StringBuilder();
        int strayQuotes = 0;
        for (end = from + 1; end < text.Length;)
        {
            char c = text[end];
            if (c == quote && Closes(end + 1, place))
            {
                end++;
                return Finish(content, quote, strayQuotes);
            }

            if (c == '\\' && end + 1 < text.Length)
            {
                end += AppendEscape(content, end);
                continue;
            }

            if (c == quote)
            {
                Mends.Add("quotes within a string escaped");
                if (!IsApostrophe(end)) strayQuotes++;
                if (OpensAnother(end + 1)) return Uncertain();
            }

            if (c < ' ') Mends.Add("line breaks within a string escaped");
            content.Append(c);
            end++;
        }

        return null;
    }

    // Quotes within a text come in pairs; an odd one may be the text's own end.
    private string? Finish(StringBuilder content, char quote, int strayQuotes)
    {
        if (quote != '"') Mends.Add("quotes made double");
        string whole = content.ToString();
        if (HalfCharacters.In(whole)) return Uncertain(HalfCharacters.Objection);
        return strayQuotes % 2 == 0 ? whole : Uncertain();
    }

    private string? Uncertain(string why = "A text holds quotation marks that are not escaped, so that its end is uncertain.")
    {
        Objection ??= why;
        return null;
    }

    private bool IsApostrophe(int index) => text[index] == '\'' && char.IsLetter(text[index - 1]) && index + 1 < text.Length && char.IsLetter(text[index + 1]);

    private bool OpensAnother(int index)
    {
        index = AfterNearSpace(index);
        return index < text.Length && text[index] is '"' or '“';
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

    private int AfterNearSpace(int index) => AfterSpace(text.AsSpan(0, Math.Min(text.Length, index + MaxSpace)), index, out _);

    /// <summary>Whether what follows a quote is what follows a string there.</summary>
    private bool Closes(int index, Place place)
    {
        index = AfterNearSpace(index);
        char next = index < text.Length ? text[index] : '\0';
        return place switch
        {
            Place.Key => next == ':',
            Place.Item => next is ']' or ',' or '\0',
            Place.Member => next is '}' or '\0' || (next == ',' ? EndsOrContinues(index + 1) : IsKey(index)),
            _ => true,
        };
    }

    private bool EndsOrContinues(int index)
    {
        index = AfterNearSpace(index);
        return index >= text.Length || text[index] == '}' || IsKey(index);
    }

    private bool IsKey(int index)
    {
        if (index >= text.Length) return false;
        int end = text[index] is '"' or '\'' or '“' ? AfterQuoted(index) : AfterWord(index);
        if (end <= index) return false;
        end = AfterNearSpace(end);
        return end < text.Length && text[end] == ':';
    }

    private int AfterQuoted(int index)
    {
        char close = text[index] == '“' ? '”' : text[index];
        int limit = Math.Min(text.Length, index + MaxKeyLength);
        for (int at = index + 1; at < limit; at++)
        {
            if (text[at] == close) return at + 1;
            if (text[at] == '\\') at++;
        }

        return index;
    }

    private int AfterWord(int index)
    {
        int limit = Math.Min(text.Length, index + MaxKeyLength);
        while (index < limit && (char.IsLetterOrDigit(text[index]) || text[index] is '_' or '-')) index++;
        return index;
    }

    /// <summary>Appends what the backslash at <paramref name="index"/> means; returns how many characters it takes.</summary>
    private int AppendEscape(StringBuilder content, int index)
    {
        char c = text[index + 1];
        if (c == 'u' && IsHex(index + 2, out char code))
        {
            content.Append(code);
            return 6;
        }

        if (HasLatex && Latex.IsCommandAt(text.AsSpan(index + 1)))
        {
            Mends.Add("LaTeX backslashes escaped");
            content.Append('\\').Append(c);
            return 2;
        }

        int escape = "\"\\/bfnrt".IndexOf(c, StringComparison.Ordinal);
        if (escape >= 0)
        {
            content.Append("\"\\/\b\f\n\r\t"[escape]);
            return 2;
        }

        if (c == '\'')
        {
            Mends.Add("quotes unescaped");
            content.Append(c);
            return 2;
        }

        Mends.Add("backslashes escaped");
        content.Append('\\');
        return 1;
    }

    private bool IsHex(int index, out char code)
    {
        code = '\0';
        if (index + 4 > text.Length || !ushort.TryParse(text.AsSpan(index, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort value)) return false;
        code = (char)value;
        return true;
    }
}
