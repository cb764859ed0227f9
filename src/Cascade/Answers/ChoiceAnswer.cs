using System.Text.RegularExpressions;

namespace Countersign.Cascade.Answers;

/// <summary>The letter of a multiple choice.</summary>
internal static partial class ChoiceAnswer
{
    /// <summary>The letter, from the form that says most clearly that it is the answer: boxed, "the answer is B", a line or a text of nothing else; <c>null</c> where none is said.</summary>
    public static string? Canonical(string text)
    {
        string form = text.Trim();
        var match = Last(Boxed(), form) ?? Last(Said(), form) ?? Last(Alone(), form) ?? Last(Leading(), form) ?? Last(Parenthesised(), form);
        return match?.Groups["letter"].Value.ToUpperInvariant();
    }

    private static Match? Last(Regex pattern, string text)
    {
        Match? last = null;
        for (var match = pattern.Match(text); match.Success; match = match.NextMatch()) last = match;
        return last;
    }

    [GeneratedRegex(@"\\boxed\{\s*(?:\\(?:text|textbf|mathrm|mathbf)\{)?\s*\(?(?<letter>[A-Za-z])\)?[\s.}]", RegexOptions.NonBacktracking)]
    private static partial Regex Boxed();

    [GeneratedRegex(@"(?i:answer|choice|option)(?i:\s+is)?\s*(?:[:=]|(?i:is))?\s*[\s*_$""'`(\[]*(?:\\text\{)?(?<letter>[A-J])(?:[\s*_$""'`)\].:,}]|$)", RegexOptions.NonBacktracking)]
    private static partial Regex Said();

    [GeneratedRegex(@"(?:^|\n)[\s*_$""'`(\[]*(?<letter>[A-Ja-j])[\s*_$""'`)\].]*(?:$|\n)", RegexOptions.NonBacktracking)]
    private static partial Regex Alone();

    [GeneratedRegex(@"^[*_(\[""']*(?<letter>[A-J])[)\].:*]+(?:\s|$)", RegexOptions.NonBacktracking)]
    private static partial Regex Leading();

    [GeneratedRegex(@"\((?<letter>[A-J])\)", RegexOptions.NonBacktracking)]
    private static partial Regex Parenthesised();
}
