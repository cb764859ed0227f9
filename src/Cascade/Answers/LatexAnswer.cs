using System.Text.RegularExpressions;

namespace Countersign.Cascade.Answers;

/// <summary>Mathematical answers in one form: numbers by value, their units left out, sets and lists of solutions without order, tuples and intervals with theirs, anything else by its notation.</summary>
internal static partial class LatexAnswer
{
    /// <summary>The canonical form; <c>null</c> for an empty answer.</summary>
    public static string? Canonical(string text)
    {
        string answer = LatexText.Clean(FinalAnswer.Find(text) ?? text);
        if (answer.Length == 0) return null;
        return NumberOf(answer) ?? Collection(answer) ?? Notation(answer);
    }

    /// <summary>The value, where the answer is a number, possibly with a unit; in a list units may differ, so there they count.</summary>
    private static string? NumberOf(string answer, bool inList = false)
    {
        var value = MathExpression.Evaluate(answer, out var rest);
        if (value is not { } number) return null;
        return rest.Trim().IsEmpty || (!inList && Units.Are(rest)) ? number.Form() : null;
    }

    private static string? Collection(string answer)
    {
        var (open, close) = (answer[0], answer[^1]);
        bool isSet = answer.StartsWith("\\{", StringComparison.Ordinal) && answer.EndsWith("\\}", StringComparison.Ordinal);
        if (isSet) return Join('{', SplitOutside(answer[2..^2]).Order(StringComparer.Ordinal), '}');
        bool isBracketed = open is '(' or '[' && close is ')' or ']' && answer.Length > 2;
        if (isBracketed && SplitOutside(answer[1..^1]) is { Count: > 1 } ordered) return Join(open, ordered, close);
        return SplitOutside(answer) is { Count: > 1 } list ? Join('{', list.Order(StringComparer.Ordinal), '}') : null;
    }

    private static string Join(char open, IEnumerable<string> items, char close) => $"{open}{string.Join(',', items)}{close}";

    /// <summary>The parts between commas (or "and") that stand in no bracket, each in its own form; with the names of what they are where these differ, as in <c>x = 1, y = 2</c>.</summary>
    private static List<string> SplitOutside(string text)
    {
        List<string> parts = [];
        int depth = 0, start = 0;
        text = Conjunction().Replace(text, ",");
        bool isNamed = LatexText.HasSeveralVariables(text);
        for (int index = 0; index <= text.Length; index++)
        {
            char c = index < text.Length ? text[index] : ',';
            depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
            if (c != ',' || (depth != 0 && index < text.Length)) continue;
            string part = text[start..index].Trim();
            if (!isNamed) part = LatexText.WithoutVariable(part);
            if (part.Length > 0) parts.Add(NumberOf(part, inList: true) ?? Notation(part));
            start = index + 1;
        }

        return parts;
    }

    // Space means nothing but between digits; case only within words.
    private static string Notation(string answer)
    {
        string form = Space().Replace(BetweenDigits().Replace(answer, "␣"), "");
        return Formula().IsMatch(form) ? form : form.ToUpperInvariant();
    }

    [GeneratedRegex(@"(?<=\d)\s+(?=\d)")]
    private static partial Regex BetweenDigits();

    [GeneratedRegex(@"[\\\d+*/^=<>|]", RegexOptions.NonBacktracking)]
    private static partial Regex Formula();

    [GeneratedRegex(@"\s*,?\s+(?:and|or)\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Conjunction();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Space();
}
