namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>Finds the word that was meant.</summary>
internal static class DidYouMean
{
    private const int MaxListed = 20, MaxWord = 100;

    /// <summary><c>Did you mean "x"?</c> where a known word is near, and the known words.</summary>
    public static string Remedy(string found, IEnumerable<string> known, string listedAs)
    {
        List<string> words = [.. known];
        if (Nearest(found, words) is { } nearest) return $"Did you mean \"{nearest}\"?";
        if (words.Count == 0) return $"{listedAs}: none.";
        string more = words.Count > MaxListed ? $" and {words.Count - MaxListed} more" : "";
        return $"{listedAs}: {string.Join(", ", words.Take(MaxListed))}{more}.";
    }

    /// <summary>The word within two edits and a third of its length, or that continues what was found; <c>null</c>: none.</summary>
    public static string? Nearest(string found, IEnumerable<string> known) => known
        .Where(word => found.Length <= MaxWord && word.Length <= MaxWord)
        .Select(word => (Word: word, Distance: Distance(found.ToLowerInvariant(), word.ToLowerInvariant())))
        .Where(pair => (pair.Distance < Math.Min(3, pair.Word.Length) && pair.Distance <= Math.Max(1, pair.Word.Length / 3)) || (found.Length >= 3 && pair.Word.StartsWith(found, StringComparison.OrdinalIgnoreCase)))
        .OrderBy(pair => pair.Distance)
        .Select(pair => pair.Word)
        .FirstOrDefault();

    /// <summary>Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment).</summary>
    private static int Distance(string left, string right)
    {
        var table = new int[left.Length + 1, right.Length + 1];
        for (int row = 0; row <= left.Length; row++) table[row, 0] = row;
        for (int column = 0; column <= right.Length; column++) table[0, column] = column;
        for (int row = 1; row <= left.Length; row++)
        {
            for (int column = 1; column <= right.Length; column++) table[row, column] = Step(table, left, right, row, column);
        }

        return table[left.Length, right.Length];
    }

    private static int Step(int[,] table, string left, string right, int row, int column)
    {
        int substituted = table[row - 1, column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1);
        int best = Math.Min(substituted, 1 + Math.Min(table[row - 1, column], table[row, column - 1]));
        bool isSwap = row > 1 && column > 1 && left[row - 1] == right[column - 2] && left[row - 2] == right[column - 1];
        return isSwap ? Math.Min(best, table[row - 2, column - 2] + 1) : best;
    }
}
