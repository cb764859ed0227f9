using System.Text.RegularExpressions;

namespace Countersign.Cascade.Answers;

/// <summary>The letter of a multiple choice.</summary>
internal static partial class ChoiceAnswer
{
    /// <summary>The letter, from the form that says most clearly that it is the answer: boxed, "the answer is B", "choice: B", "B is correct", then a line, a beginning, a bracket of nothing else.
    /// <c>null</c> where none is said, or where two are boxed or said to be the answer: which of them is meant is not guessed. A weaker form that names two, as a list of the options does, says nothing.</summary>
    public static string? Canonical(string text)
    {
        string form = text.Trim();
        if (Boxed().IsMatch(form)) return Only(Boxed(), form);
        if ((Last(Said(), form) ?? Last(Named(), form))?.Groups["letter"] is { } said) return NamesAnother().IsMatch(form[(said.Index + 1)..]) ? null : said.Value.ToUpperInvariant();
        return Only(Judged(), form) ?? Only(Alone(), form) ?? Only(Leading(), form) ?? Only(Parenthesised(), form);
    }

    private static Match? Last(Regex pattern, string text)
    {
        Match? last = null;
        for (var match = pattern.Match(text); match.Success; match = match.NextMatch()) last = match;
        return last;
    }

    private static string? Only(Regex pattern, string text)
    {
        var letters = pattern.Matches(text).Select(match => match.Groups["letter"].Value.ToUpperInvariant()).Distinct().Take(2).ToList();
        return letters is [var letter] ? letter : null;
    }

    [GeneratedRegex(@"\\boxed\{\s*(?:\\(?:text|textbf|mathrm|mathbf)\{)?\s*\(?(?<letter>[A-Za-z])\)?[\s.]*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Boxed();

    // "I" is an answer only where no clause begins with it: "the answer is, I think, B"; a small letter only in brackets, emphasised, or at the end: "the answer is a matter of taste".
    [GeneratedRegex(@"(?i:\banswer)[^.:=\n]{0,60}?(?:\b(?i:is)\b\s*:?|[:=])[\s*_$""'`(\[]*(?:(?i:option|choice)\s+\(?)?(?:\\text\{)?(?:(?<letter>[A-HJ])(?:[\s*_$""'`)\].:,;}]|$)|(?<letter>I)(?:[*_$""'`)\].:;}]|\s*$)|(?<letter>[a-hj])[)\]*`}]|(?<letter>[b-hj])\.?\s*$)", RegexOptions.NonBacktracking)]
    private static partial Regex Said();

    [GeneratedRegex(@"(?i:\b(?:choice|option))\s*(?:\b(?i:is)\b\s*:?|[:=])[\s*_$""'`(\[]*(?:\\text\{)?(?<letter>[A-HJ])(?:[\s*_$""'`)\].:,;}]|$)", RegexOptions.NonBacktracking)]
    private static partial Regex Named();

    [GeneratedRegex(@"(?:^|[.:,\n])[\s*_(]*(?i:(?:so|thus|therefore|hence),?\s+)?(?i:(?:the\s+)?(?:option|choice|answer)\s+)?\(?(?<letter>[A-J])\)?[*_]*\s+(?i:is\s+(?:the\s+)?(?:correct|right|best))\b", RegexOptions.NonBacktracking)]
    private static partial Regex Judged();

    [GeneratedRegex(@"(?:^|\n)[ \t\r*_$""'`(\[]*(?<letter>[A-Ja-j])[ \t\r*_$""'`)\].]*(?=$|\n)")]
    private static partial Regex Alone();

    [GeneratedRegex(@"(?:^|\n)[ \t]*[*_(\[""']*(?<letter>[A-J])[)\].:*]+(?=\s|$)")]
    private static partial Regex Leading();

    [GeneratedRegex(@"\((?<letter>[A-J])\)", RegexOptions.NonBacktracking)]
    private static partial Regex Parenthesised();

    [GeneratedRegex(@"^[\s*_$""'`)\].}]*(?:,|;|/|&|(?i:\b(?:and|or))\b)[\s,*_$""'`(\[]*(?i:(?:and|or|option|choice)\s+)*[(\[*]*(?:[A-HJ](?:[\s*_$""'`)\].:,;}]|$)|[a-hj][)\]*`}]|[b-hj]\.?\s*$)", RegexOptions.NonBacktracking)]
    private static partial Regex NamesAnother();
}
