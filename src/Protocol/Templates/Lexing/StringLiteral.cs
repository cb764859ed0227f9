using System.Globalization;
using System.Text;

namespace Countersign.Protocol.Templates.Lexing;

/// <summary>Python's escapes in string literals. An unknown one keeps its backslash.</summary>
internal static class StringLiteral
{
    public static string Unescape(string literal, int line)
    {
        if (!literal.Contains('\\')) return literal;
        var text = new StringBuilder(literal.Length);
        for (int at = 0; at < literal.Length;)
        {
            if (literal[at] != '\\' || at + 1 == literal.Length) text.Append(literal[at++]);
            else at = AppendEscape(literal, at + 1, text, line);
        }

        return text.ToString();
    }

    /// <summary>Appends what the escape whose letter stands at <paramref name="at"/> means, and returns the place behind it.</summary>
    private static int AppendEscape(string literal, int at, StringBuilder text, int line)
    {
        char letter = literal[at];
        int digits = letter switch { 'x' => 2, 'u' => 4, 'U' => 8, _ => 0 };
        if (digits > 0) return AppendCode(literal, at + 1, digits, text, line);
        if (letter is >= '0' and <= '7') return AppendOctal(literal, at, text);
        string? plain = letter switch
        {
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            '\\' => "\\",
            '\'' => "'",
            '"' => "\"",
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'v' => "\v",
            '\n' => "",
            _ => null,
        };
        if (plain is null) text.Append('\\').Append(letter);
        else text.Append(plain);
        return at + 1;
    }

    private static int AppendCode(string literal, int at, int digits, StringBuilder text, int line)
    {
        var hex = at + digits <= literal.Length ? literal.AsSpan(at, digits) : [];
        bool isCode = int.TryParse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) && code is >= 0 and <= 0x10FFFF;
        if (!isCode) throw new TemplateException(TemplateFault.Syntax, $"a string has a broken \\{literal[at - 1]} escape", line);
        if (code > char.MaxValue) text.Append(char.ConvertFromUtf32(code));
        else text.Append((char)code);
        return at + digits;
    }

    private static int AppendOctal(string literal, int at, StringBuilder text)
    {
        int end = at, code = 0;
        while (end < literal.Length && end < at + 3 && literal[end] is >= '0' and <= '7') code = (code * 8) + (literal[end++] - '0');
        text.Append((char)code);
        return end;
    }
}
