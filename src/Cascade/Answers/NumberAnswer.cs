using System.Text.RegularExpressions;

namespace Countersign.Cascade.Answers;

/// <summary>The number that a text ends in.</summary>
internal static partial class NumberAnswer
{
    /// <summary>The number without currency, unit, separators and trailing zeros: <c>$1,250.00</c> is <c>1250</c>, <c>3/4</c> is <c>0.75</c>, <c>50%</c> is <c>50</c>. Where the conclusion holds several
    /// they are all the answer, with the words between: "2 hours and 30 minutes" is <c>2 hours 30</c>. <c>null</c> where there is none, or where it is not worked out (<c>3 * 6</c>, <c>x + 2</c>, <c>√2</c>) or cannot be read.
    /// A conclusion is told by English words; in other languages by a box, <c>=</c>, <c>####</c>, or a sentence of its own.</summary>
    public static string? Canonical(string text)
    {
        string? marked = FinalAnswer.Find(text);
        var sentences = SentenceEnd().Split(Plain(marked ?? text)).Where(sentence => sentence.AsSpan().ContainsAnyInRange('0', '9'));
        string? sentence = marked is null ? sentences.LastOrDefault() : sentences.FirstOrDefault();
        if (sentence is null || NumberScanner.ReadAll(sentence).Count == 0) return null;
        string conclusion = Conclusion(sentence);
        var numbers = NumberScanner.ReadAll(conclusion);
        if (numbers.Count == 0 || numbers.Exists(number => number.Form is null) || Unfinished().IsMatch(conclusion)) return null;
        return string.Join(' ', numbers.Zip(numbers.Skip(1), (number, next) => $"{number.Form} {Words(conclusion[number.Index..next.Index])}".TrimEnd()).Append(numbers[^1].Form));
    }

    // Five apples and two pears are not five pears and two apples.
    private static string Words(string between) => string.Join(' ', Word().Matches(between).Select(word => word.Value.ToLowerInvariant()).Where(word => word != "and"));

    /// <summary>What follows the last sign or word that numbers are concluded by: <c>=</c>, "so", "is 7". Two results ("x = 1, y = 2", "Tom is 5 and Ann is 7") are both kept.</summary>
    private static string Conclusion(string sentence)
    {
        if (Assigned().Matches(sentence).Select(match => match.Groups["name"].Value).Distinct().Count() > 1) return sentence;
        string part = AfterLast(Therefore(), sentence);
        part = AfterLast(EqualsSign(), part);
        return Verb().Matches(part) is [var verb] && !IsAside(part[..verb.Index]) ? AfterLast(Verb(), part) : part;
    }

    private static bool IsAside(string before) => before.Count(c => c == '(') > before.Count(c => c == ')');

    /// <summary>What follows the last match that a number follows.</summary>
    private static string AfterLast(Regex pattern, string text)
    {
        if (NumberScanner.ReadAll(text) is not [.., { Index: var lastNumber }]) return text;
        return pattern.Matches(text).LastOrDefault(match => match.Index + match.Length <= lastNumber) is { } last ? text[(last.Index + last.Length)..] : text;
    }

    private static string Plain(string text)
    {
        text = Latex.Restore(text).Replace('−', '-').Replace('–', '-').Replace("{,}", ",", StringComparison.Ordinal).Replace("\\,", "", StringComparison.Ordinal)
            .Replace("\\!", "", StringComparison.Ordinal).Replace("\\$", "$", StringComparison.Ordinal);
        text = Power().Replace(TextMacro().Replace(text, match => $" {match.Groups["inner"].Value.TrimEnd()}{(IsPower(text, match.Index + match.Length) ? "" : " ")}"), "^${digit}");
        text = Fraction().Replace(text, match => $"{(IsMixed(text, match.Index) ? " " : "")}{match.Groups["top"]}/{match.Groups["bottom"]}");
        return SignApart().Replace(PowerOfTen().Replace(text, "e${power}"), "${before}-");
    }

    private static bool IsPower(string text, int index) => index < text.Length && text[index] == '^';

    private static bool IsMixed(string text, int fraction) => fraction > 0 && char.IsAsciiDigit(text[fraction - 1]);

    [GeneratedRegex(@"\\(?:text|textbf|textrm|mathrm|mathbf)\s*\{(?<inner>[^{}]*)\}", RegexOptions.NonBacktracking)]
    private static partial Regex TextMacro();

    [GeneratedRegex(@"\^\{(?<digit>\d)\}", RegexOptions.NonBacktracking)]
    private static partial Regex Power();

    [GeneratedRegex(@"\\[dtc]?frac\{\s*(?<top>\d+)\s*\}\{\s*(?<bottom>\d+)\s*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Fraction();

    [GeneratedRegex(@"\s*(?:\\times|\\cdot|×|\*)\s*10\^\{?(?<power>-?\d{1,3})\}?", RegexOptions.NonBacktracking)]
    private static partial Regex PowerOfTen();

    [GeneratedRegex(@"\p{L}+", RegexOptions.NonBacktracking)]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<before>[=(:])\s*-\s+(?=[$\d.])")]
    private static partial Regex SignApart();

    [GeneratedRegex(@"[.!?][""')*\]]*\s+(?=\p{Lu})|[\r\n]+")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"\b(?:so|thus|therefore|hence)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Therefore();

    [GeneratedRegex(@"[=≈]", RegexOptions.NonBacktracking)]
    private static partial Regex EqualsSign();

    [GeneratedRegex(@"\b(?:is|are|was|were|equals?|makes?|gives?|leaves?|leaving|totals?)\b(?:\s+(?:about|approximately|around|only|just|exactly|now))?[^\p{L}\d]*?(?=-?[$€£¥]?\.?\d)", RegexOptions.IgnoreCase)]
    private static partial Regex Verb();

    [GeneratedRegex(@"(?<![\p{L}\d\\])(?<name>\p{L}(?:_?\d)?)\s*=", RegexOptions.None)]
    private static partial Regex Assigned();

    // An operator between two numbers or beside a single letter, a root, a constant, a comparison: what it amounts to is not known, and 8 - 4 is not 8 + 4.
    [GeneratedRegex(@"[√π∞±≤≥]|\\(?:sqrt|pi|pm|leq?|geq?|leqslant|geqslant|neq?|lt|gt|frac|log|ln|sin|cos|tan)(?![a-z])|\d\s*[-+*×÷·]\s*\d|\d\s*\\(?:times|cdot|div)|(?<![\p{L}\d\\</])[A-Za-z]\s*[-+*/×÷^<>≠]\s*-?\d|[\d)]\s*[-+*/×÷^<>≠]\s*[A-Za-z](?!\p{L})|(?<![\p{L}\d])\d+[xyzn](?!\p{L})")]
    private static partial Regex Unfinished();
}
