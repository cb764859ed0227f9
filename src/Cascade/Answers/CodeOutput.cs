namespace Countersign.Cascade.Answers;

/// <summary>What a program printed.</summary>
internal static class CodeOutput
{
    /// <summary>The lines without white space at their ends, a code fence around them and empty lines at the end left out. <c>null</c> where nothing is left: a draft that says nothing
    /// has not said that nothing is printed. An empty string literal, <c>''</c>, is an answer like any other.</summary>
    public static string? Canonical(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Trim('\n').Split('\n').Select(line => line.TrimEnd()).ToList();
        if (lines.Count >= 2 && lines[0].StartsWith("```", StringComparison.Ordinal) && lines[^1] == "```") lines = lines[1..^1];
        string output = string.Join('\n', lines).TrimEnd('\n');
        return string.IsNullOrWhiteSpace(output) ? null : output;
    }
}
