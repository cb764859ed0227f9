using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Cascade.Answers;

/// <summary>Takes from a LaTeX answer what is only looks: delimiters, spacing, sizes, text macros, units of angle, separators of thousands.</summary>
internal static partial class LatexText
{
    private static readonly (string From, string To)[] Rewrites =
    [
        ("\\left", ""), ("\\right", ""), ("\\bigl", ""), ("\\bigr", ""), ("\\Bigl", ""), ("\\Bigr", ""), ("\\displaystyle", ""),
        ("\\(", ""), ("\\)", ""), ("\\[", ""), ("\\]", ""), ("\\$", ""), ("$", ""), ("\\%", ""), ("%", ""), ("\\!", ""), ("\\,", ""), ("\\;", ""), ("\\:", ""), ("\\ ", " "), ("~", " "), ("\\qquad", " "), ("\\quad", " "),
        ("{,}", ""), ("^{\\circ}", ""), ("^\\circ", ""), ("\\degree", ""), ("°", ""),
        ("\\dfrac", "\\frac"), ("\\tfrac", "\\frac"), ("\\cfrac", "\\frac"), ("√", "\\sqrt"), ("π", "\\pi"), ("∞", "\\infty"), ("−", "-"), ("–", "-"),
        ("\\cdot", "*"), ("\\times", "*"), ("×", "*"), ("·", "*"), ("\\div", "/"), ("÷", "/"), ("**", "^"), ("²", "^2"), ("³", "^3"), ("½", "\\frac{1}{2}"),
    ];

    /// <summary>The answer without them.</summary>
    public static string Clean(string text)
    {
        var clean = new StringBuilder(Plain(Latex.Restore(text).Trim()));
        clean.Replace("\\rightarrow", "→").Replace("\\leftarrow", "←").Replace("\\{", "⦃").Replace("\\}", "⦄");
        foreach (var (from, to) in Rewrites) clean.Replace(from, to);
        clean.Replace("⦃", "\\{").Replace("⦄", "\\}");
        string answer = Single().Replace(TextMacro().Replace(clean.ToString(), " ${inner} "), "${one}");
        answer = WithoutSeparators(Subscript().Replace(answer.Trim().TrimEnd('.'), "${number}"));
        answer = Mixed().Replace(answer, match => Proper(match) ? $"({match.Groups["whole"]}+{match.Groups["top"]}/{match.Groups["bottom"]})" : match.Value).Trim();
        return HasSeveralVariables(answer) ? answer : WithoutVariable(answer);
    }

    /// <summary>Whether more than one variable is given a value, as in <c>x = 1, y = 2</c>.</summary>
    public static bool HasSeveralVariables(string answer) => Assigned().Matches(answer).Select(match => match.Groups["name"].Value).Distinct().Count() > 1;

    /// <summary>The right side of <c>x = ...</c> or <c>x \in ...</c>.</summary>
    public static string WithoutVariable(string answer) => Variable().Match(answer) is { Success: true } match ? answer[match.Length..] : answer;

    // Bold, or with every backslash escaped once more.
    private static string Plain(string text)
    {
        if (text is ['*', '*', .., '*', '*'] && text.Length > 4) text = text[2..^2];
        string once = text.Replace(@"\\", @"\", StringComparison.Ordinal);
        return once.Count(c => c == '\\') == text.Length - once.Length ? once : text;
    }

    private static string WithoutSeparators(string answer)
    {
        if (European().Match(answer) is { Success: true }) return answer.Replace(".", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).Replace(',', '.');
        return Thousands().Replace(answer, match => match.Value.Replace(",", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal));
    }

    // 3 3/2 is no mixed number; it may be a product.
    private static bool Proper(Match mixed) =>
        int.TryParse(mixed.Groups["top"].ValueSpan, CultureInfo.InvariantCulture, out int top) && int.TryParse(mixed.Groups["bottom"].ValueSpan, CultureInfo.InvariantCulture, out int bottom) && top < bottom;

    [GeneratedRegex(@"(?<=[_^])\{(?<one>[A-Za-z0-9])\}(?!\d)")]
    private static partial Regex Single();

    [GeneratedRegex(@"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mbox|operatorname)\s*\{(?<inner>[^{}]*)\}", RegexOptions.NonBacktracking)]
    private static partial Regex TextMacro();

    [GeneratedRegex(@"^-?[1-9]\d{0,2}(?:(?:,\d{3})+(?![\d,])|(?: \d{3})+(?![\d,/]| \d))")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"^-?[1-9]\d{0,2}(?:(?:[. ]\d{3})+,\d+|(?:\.\d{3}){2,})$", RegexOptions.NonBacktracking)]
    private static partial Regex European();

    [GeneratedRegex(@"(?<![\d.,^}/_]|\\sqrt)(?<whole>\d+)(?:\s*\\frac(?:\{(?<top>\d+)\}\{(?<bottom>\d+)\}|(?<top>\d)(?<bottom>\d))|\s+(?<top>\d+)/(?<bottom>\d+)(?![\d/.]))")]
    private static partial Regex Mixed();

    [GeneratedRegex(@"(?<![A-Za-z0-9_\\])(?<name>\\?[A-Za-z]\w{0,5}(?:\([A-Za-z]\))?)\s*(?:=|\\in\b)")]
    private static partial Regex Assigned();

    [GeneratedRegex(@"^(?<number>-?[0-9A-F.]+)_(?:\{[a-z]\}|[a-z])$", RegexOptions.NonBacktracking)]
    private static partial Regex Subscript();

    [GeneratedRegex(@"^\\?[A-Za-z]\w{0,5}(?:\([A-Za-z]\))?\s*(?:=|\\in\b)\s*", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
