using System.Text.RegularExpressions;

namespace Countersign.Cascade.Answers;

/// <summary>Finds the part of a text that is the answer: what is boxed, what follows "the answer is" or <c>####</c>.</summary>
internal static partial class FinalAnswer
{
    /// <summary>That part, or <c>null</c> where the text does not mark one.</summary>
    public static string? Find(string text) => Boxed(text) ?? Said(text);

    private static string? Boxed(string text)
    {
        int start = text.LastIndexOf("\\boxed", StringComparison.Ordinal);
        if (start < 0 || (start = text.IndexOf('{', start)) < 0) return null;
        int depth = 0;
        for (int index = start; index < text.Length; index++)
        {
            if (text[index] == '{') depth++;
            if (text[index] == '}' && --depth == 0) return text[(start + 1)..index];
        }

        return null;
    }

    private static string? Said(string text)
    {
        Match? last = null;
        for (var match = Marker().Match(text); match.Success; match = match.NextMatch()) last = match;
        if (last is null) return null;
        foreach (var line in text.AsSpan(last.Index + last.Length).EnumerateLines())
        {
            var said = line.Trim().TrimEnd('.').Trim("* ");
            if (said is not ("" or "$$" or "\\[" or "\\(" or "$" or "```")) return said.ToString();
        }

        return null;
    }

    [GeneratedRegex(@"####|(?i:\b(?:final |correct )?answer\b\W{0,4}(?:is\b\s*:?|:|=))", RegexOptions.NonBacktracking)]
    private static partial Regex Marker();
}
