using System.Globalization;
using System.Text;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Reads Python's string literals: both quotes, tripled quotes, prefixes (<c>r</c>, <c>b</c>, <c>u</c>, <c>f</c> without fields), escapes.</summary>
internal static class PythonStringReader
{
    /// <summary>Whether a string literal starts here.</summary>
    public static bool StartsAt(ReadOnlySpan<char> text)
    {
        int prefix = PrefixLength(text);
        return prefix < text.Length && text[prefix] is '"' or '\'';
    }

    /// <summary>Reads the literal at the start of <paramref name="text"/>; <c>null</c> where it does not end.</summary>
    public static PythonText? Read(ReadOnlySpan<char> text, out int length)
    {
        int start = PrefixLength(text);
        var prefix = text[..start];
        bool raw = prefix.ContainsAny('r', 'R');
        string quote = new(text[start], text[start..].StartsWith([text[start], text[start], text[start]]) ? 3 : 1);
        var value = new StringBuilder();
        for (length = start + quote.Length; length < text.Length;)
        {
            if (text[length..].StartsWith(quote))
            {
                length += quote.Length;
                return new PythonText(value.ToString(), prefix.ContainsAny('b', 'B'));
            }

            if (text[length] == '\\' && length + 1 < text.Length) length += raw ? AppendRaw(value, text[length..]) : AppendEscape(value, text[length..]);
            else value.Append(text[length++]);
        }

        return null;
    }

    private static int PrefixLength(ReadOnlySpan<char> text)
    {
        int length = 0;
        while (length < Math.Min(2, text.Length) && text[length] is 'r' or 'R' or 'b' or 'B' or 'u' or 'U' or 'f' or 'F') length++;
        return length < text.Length && text[length] is '"' or '\'' ? length : 0;
    }

    private static int AppendRaw(StringBuilder value, ReadOnlySpan<char> text)
    {
        value.Append(text[..2]);
        return 2;
    }

    /// <summary>Appends what the escape means and returns how long it is written; an unknown escape keeps its backslash, as in Python.</summary>
    private static int AppendEscape(StringBuilder value, ReadOnlySpan<char> text)
    {
        switch (text[1])
        {
            case '\n': return 2;
            case '\\' or '\'' or '"': value.Append(text[1]); return 2;
            case 'n': value.Append('\n'); return 2;
            case 't': value.Append('\t'); return 2;
            case 'r': value.Append('\r'); return 2;
            case 'a': value.Append('\a'); return 2;
            case 'b': value.Append('\b'); return 2;
            case 'f': value.Append('\f'); return 2;
            case 'v': value.Append('\v'); return 2;
            case '0': value.Append('\0'); return 2;
            case 'x': return AppendHex(value, text, 2);
            case 'u': return AppendHex(value, text, 4);
            case 'U': return AppendHex(value, text, 8);
            default: value.Append(text[..2]); return 2;
        }
    }

    private static int AppendHex(StringBuilder value, ReadOnlySpan<char> text, int digits)
    {
        bool isCode = text.Length >= 2 + digits & int.TryParse(text.Slice(2, Math.Min(digits, text.Length - 2)), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code);
        if (!isCode || code > 0x10FFFF)
        {
            value.Append(text[..2]);
            return 2;
        }

        if (code is >= 0xD800 and <= 0xDFFF or <= 0xFFFF) value.Append((char)code);
        else value.Append(char.ConvertFromUtf32(code));
        return 2 + digits;
    }
}
