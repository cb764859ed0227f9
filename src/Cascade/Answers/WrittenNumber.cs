namespace Countersign.Cascade.Answers;

/// <summary>Reads how a number is written: thousands in groups by comma, point, space, apostrophe or underscore, and a decimal point or comma.</summary>
internal static class WrittenNumber
{
    /// <summary>What digits and separators mean, as plain digits with a point; <c>null</c> where they are no number. Beside it what they mean to those who use comma and point the other way:
    /// <c>1,250</c> is 1250, to others 1.25.</summary>
    public static (string? Usual, string? Other) Read(string run)
    {
        int last = run.AsSpan().LastIndexOfAny('.', ',');
        if (last < 0) return (Whole(run), null);
        char mark = run[last];
        string before = run[..last], after = run[(last + 1)..];
        bool isDecimal = !before.Contains(mark, StringComparison.Ordinal) && after.All(char.IsAsciiDigit);
        string? decimals = isDecimal && Whole(before) is { } whole ? $"{whole}.{after}" : null;
        string? grouped = Grouped(run, mark);
        var (usual, other) = mark == ',' ? (grouped, decimals) : (decimals, grouped);
        return usual is null ? (other, null) : (usual, other);
    }

    private static string? Whole(string run)
    {
        if (run.Length == 0) return "0";
        int separator = run.AsSpan().IndexOfAnyExceptInRange('0', '9');
        return separator < 0 ? run : Grouped(run, run[separator]);
    }

    /// <summary>The digits without the separators of thousands, also as India sets them: <c>1,00,000</c>.</summary>
    private static string? Grouped(string run, char separator)
    {
        string[] groups = run.Split(separator);
        if (groups.Length < 2 || groups[0].Length is 0 or > 3 || groups[0][0] == '0' || groups[^1].Length != 3 || !groups.All(group => group.All(char.IsAsciiDigit))) return null;
        bool isThrees = groups[1..].All(group => group.Length == 3);
        bool isIndian = separator == ',' && groups[0].Length <= 2 && groups[1..^1].All(group => group.Length == 2);
        return isThrees || isIndian ? string.Concat(groups) : null;
    }
}
