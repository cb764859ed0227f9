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
        var clean = new StringBuilder(DoubleBackslash().Replace(Latex.Restore(text).Trim(), @"\"));
        clean.Replace("\\rightarrow", "→").Replace("\\leftarrow", "←").Replace("\\{", "⦃").Replace("\\}", "⦄");
        foreach (var (from, to) in Rewrites) clean.Replace(from, to);
        clean.Replace("⦃", "\\{").Replace("⦄", "\\}");
        string answer = TextMacro().Replace(clean.ToString(), " ${inner} ");
        answer = Thousands().Replace(Subscript().Replace(answer.Trim().TrimEnd('.'), "${number}"), match => match.Value.Replace(",", "", StringComparison.Ordinal));
        return WithoutVariable(answer.Trim());
    }

    /// <summary>The right side of <c>x = ...</c> or <c>x \in ...</c>.</summary>
    public static string WithoutVariable(string answer) => Variable().Match(answer) is { Success: true } match ? answer[match.Length..] : answer;

    [GeneratedRegex(@"\\(?=[A-Za-z{}(),%$!;:\[\]])")]
    private static partial Regex DoubleBackslash();

    [GeneratedRegex(@"\\(?:text|textbf|textit|textrm|mathrm|mathbf|mathit|mbox|operatorname)\s*\{(?<inner>[^{}]*)\}", RegexOptions.NonBacktracking)]
    private static partial Regex TextMacro();

    [GeneratedRegex(@"^-?\d{1,3}(?:,\d{3})+(?![\d,])")]
    private static partial Regex Thousands();

    [GeneratedRegex(@"^(?<number>-?[0-9A-F.]+)_(?:\{\w+\}|\w)$", RegexOptions.NonBacktracking)]
    private static partial Regex Subscript();

    [GeneratedRegex(@"^\\?[A-Za-z]\w{0,5}(?:\([A-Za-z]\))?\s*(?:=|\\in\b)\s*", RegexOptions.NonBacktracking)]
    private static partial Regex Variable();
}
