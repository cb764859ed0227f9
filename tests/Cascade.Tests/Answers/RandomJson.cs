using System.Text;

namespace Countersign.Cascade.Tests.Answers;

/// <summary>Strictly valid JSON whose texts hold what mending looks for: brackets, quotes, commas, comments, escapes that begin like LaTeX.</summary>
internal static class RandomJson
{
    private static readonly string[] Pieces =
        ["i am", "e poi", "an apple", "\\n", "\\t", "\\ni x", "\\neq", "\\tan x", "\\frac", "\\beta", "\\\\", "\\\\(", "\\\"", "\\/", "\\u00e9", "\\u2028", "'", ", ", ": ", "}", "]", "{", "[", "// no", "/* */", "# 1", "```", "“x”", "\\\"b\\\": 1", "Zoë", "😀", "C:\\\\temp", "None", " "];

    private static readonly string[] Scalars = ["0", "-0", "1.50", "1e3", "-2", "1250", "0.5E-7", "12345678901234567890123", "true", "false", "null"];

    /// <summary>An object or an array.</summary>
    public static string Container(Random random, int depth = 3)
    {
        bool isObject = random.Next(2) == 0;
        string space = random.Next(3) switch { 0 => "\n  ", 1 => " ", _ => "" };
        var items = Enumerable.Range(0, random.Next(1, 4)).Select(index => (isObject ? $"\"k{index}{Text(random)}\":{space}" : "") + Value(random, depth));
        return $"{(isObject ? '{' : '[')}{space}{string.Join($",{space}", items)}{space}{(isObject ? '}' : ']')}";
    }

    private static string Value(Random random, int depth) => random.Next(depth > 0 ? 4 : 3) switch
    {
        0 => Scalars[random.Next(Scalars.Length)],
        3 => Container(random, depth - 1),
        _ => $"\"{Text(random)}\"",
    };

    private static string Text(Random random)
    {
        var text = new StringBuilder();
        for (int pieces = random.Next(0, 6); pieces > 0; pieces--) text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }
}
