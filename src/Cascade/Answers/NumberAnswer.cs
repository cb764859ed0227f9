using System.Text.RegularExpressions;

namespace Countersign.Cascade.Answers;

/// <summary>The number that a text ends in.</summary>
internal static partial class NumberAnswer
{
    // A text no longer than this is the answer itself ("10 miles per hour"): its first number counts. In a longer one the last counts.
    private const int ShortAnswer = 80;

    /// <summary>The number without currency, unit, separators and trailing zeros: <c>$1,250.00</c> is <c>1250</c>, <c>3/4</c> is <c>0.75</c>, <c>50%</c> is <c>50</c>; <c>null</c> where there is none.</summary>
    public static string? Canonical(string text)
    {
        string? marked = FinalAnswer.Find(text);
        string part = Plain(marked ?? text);
        bool isAnswer = marked is not null || (part.Length <= ShortAnswer && !part.Contains('\n', StringComparison.Ordinal));
        var numbers = NumberScanner.ReadAll(part);
        if (numbers.Count == 0) return null;
        if (!isAnswer) return numbers[^1].Form;
        int equals = part.LastIndexOf('=');
        return (numbers.FirstOrDefault(number => number.Index > equals) ?? numbers[0]).Form;
    }

    private static string Plain(string text)
    {
        text = Latex.Restore(text).Replace('−', '-').Replace('–', '-').Replace("{,}", ",", StringComparison.Ordinal).Replace("\\,", "", StringComparison.Ordinal)
            .Replace("\\!", "", StringComparison.Ordinal).Replace("\\$", "$", StringComparison.Ordinal);
        return PowerOfTen().Replace(Fraction().Replace(text, "${top}/${bottom}"), "e${power}");
    }

    [GeneratedRegex(@"\\[dtc]?frac\{\s*(?<top>\d+)\s*\}\{\s*(?<bottom>\d+)\s*\}", RegexOptions.NonBacktracking)]
    private static partial Regex Fraction();

    [GeneratedRegex(@"\s*(?:\\times|\\cdot|×|\*)\s*10\^\{?(?<power>-?\d{1,3})\}?", RegexOptions.NonBacktracking)]
    private static partial Regex PowerOfTen();
}
