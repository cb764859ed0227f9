using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>Makes a .NET regular expression of an ECMA-262 one (the kind that JSON Schema's <c>pattern</c> is). Matching takes bounded time.</summary>
internal static class EcmaPattern
{
    private const string Space = @"\s\uFEFF", Digit = "0-9", Word = "A-Za-z0-9_";
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    // Long names of general categories that .NET knows by their short ones.
    private static readonly Dictionary<string, string> Categories = new(StringComparer.Ordinal)
    {
        ["Letter"] = "L",
        ["Uppercase_Letter"] = "Lu",
        ["Lowercase_Letter"] = "Ll",
        ["Titlecase_Letter"] = "Lt",
        ["Modifier_Letter"] = "Lm",
        ["Other_Letter"] = "Lo",
        ["Mark"] = "M",
        ["Number"] = "N",
        ["Decimal_Number"] = "Nd",
        ["digit"] = "Nd",
        ["Letter_Number"] = "Nl",
        ["Other_Number"] = "No",
        ["Punctuation"] = "P",
        ["punct"] = "P",
        ["Symbol"] = "S",
        ["Math_Symbol"] = "Sm",
        ["Currency_Symbol"] = "Sc",
        ["Separator"] = "Z",
        ["Space_Separator"] = "Zs",
        ["Other"] = "C",
        ["Control"] = "Cc",
    };

    /// <summary>The expression, or <c>null</c> where <paramref name="pattern"/> is none. It runs in linear time where it can, else under a timeout.</summary>
    public static Regex? Compile(string pattern) => CompileLater(pattern)?.Value;

    /// <summary>The same, made when it is first asked for: that takes a millisecond and much memory, and a schema may hold thousands of patterns that no text comes to.</summary>
    public static Lazy<Regex>? CompileLater(string pattern)
    {
        try
        {
            string translated = Translate(pattern);
            _ = new Regex(translated, RegexOptions.CultureInvariant); // Not used: this is how it is found to be one.
            return new Lazy<Regex>(() => Make(translated));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Regex Make(string translated)
    {
        try
        {
            return new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Timeout);
        }
        catch (NotSupportedException)
        {
            return new Regex(translated, RegexOptions.CultureInvariant, Timeout);
        }
    }

    private static string Translate(string pattern)
    {
        var result = new StringBuilder();
        bool inClass = false;
        for (int index = 0; index < pattern.Length; index++)
        {
            char c = pattern[index];
            if (c == '\\' && index + 1 < pattern.Length) index += AppendEscape(result, pattern, index, inClass) - 1;
            else if (!inClass && c == '$') result.Append(@"\z");
            else if (!inClass && c == '.') result.Append(@"(?:[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\n\r\u2028\u2029])");
            else if (!inClass && char.IsHighSurrogate(c) && index + 1 < pattern.Length) result.Append("(?:").Append(c).Append(pattern[++index]).Append(')');
            else if (inClass && c == '[') result.Append(@"\["); // a bracket within a class means itself; .NET would subtract
            else result.Append(c);
            if (c == '[' && !inClass) inClass = true;
            else if (c == ']') inClass = false;
        }

        return result.ToString();
    }

    /// <summary>Appends the escape at <paramref name="index"/>; returns its length in the pattern.</summary>
    private static int AppendEscape(StringBuilder result, string pattern, int index, bool inClass)
    {
        char c = pattern[index + 1];
        switch (c)
        {
            case 'd' or 'w' or 's': Append(result, c switch { 'd' => Digit, 'w' => Word, _ => Space }, inClass, negated: false); return 2;
            case 'D' or 'W' or 'S' when !inClass: Append(result, c switch { 'D' => Digit, 'W' => Word, _ => Space }, inClass, negated: true); return 2;
            case 'p' or 'P': return AppendCategory(result, pattern, index);
            case 'u' when index + 2 < pattern.Length && pattern[index + 2] == '{': return AppendCodePoint(result, pattern, index);
            case 'u' or 'x' or 'c' or 'b' or 'B' or 'k' or 'n' or 'r' or 't' or 'f' or 'v' or 'D' or 'W' or 'S': result.Append('\\').Append(c); return 2;
            case >= 'A' and <= 'Z' or >= 'a' and <= 'z': throw new ArgumentException($"Unknown escape \\{c}.");
            default: result.Append('\\').Append(c); return 2;
        }
    }

    private static void Append(StringBuilder result, string set, bool inClass, bool negated) =>
        result.Append(inClass ? set : negated ? $"[^{set}]" : $"[{set}]");

    private static int AppendCategory(StringBuilder result, string pattern, int index)
    {
        int close = pattern.IndexOf('}', index);
        if (index + 2 >= pattern.Length || pattern[index + 2] != '{' || close < 0) throw new ArgumentException("A property escape needs braces.");
        string name = pattern[(index + 3)..close];
        result.Append('\\').Append(pattern[index + 1]).Append('{').Append(Categories.GetValueOrDefault(name, name)).Append('}');
        return close - index + 1;
    }

    private static int AppendCodePoint(StringBuilder result, string pattern, int index)
    {
        int close = pattern.IndexOf('}', index);
        if (close < 0 || !int.TryParse(pattern[(index + 3)..close], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int code) || code > 0x10FFFF) throw new ArgumentException("A code point is expected.");
        result.Append(Regex.Escape(char.ConvertFromUtf32(code)));
        return close - index + 1;
    }
}
