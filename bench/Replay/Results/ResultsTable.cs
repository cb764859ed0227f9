using System.Globalization;
using System.Text;

namespace Countersign.Replay.Results;

/// <summary>The tables of results in <c>docs/replay.md</c>, each between two marks; the text around them is written by hand.</summary>
internal static class ResultsTable
{
    /// <summary>Where the table of recorded traffic begins.</summary>
    public const string Recorded = "<!-- made from bench/results/replay-*.json: dotnet run --project bench/Replay -c Release -- --table-only -->";

    /// <summary>Where the table of our own engine's drafts begins.</summary>
    public const string Local = "<!-- made from bench/results/replay-local-*.json: dotnet run --project bench/Replay -c Release -- --table-only --rows bench/Replay/local/rows.json -->";

    private const string End = "<!-- end of what is made -->";

    /// <summary>The results in a folder, in the order of the rows.</summary>
    public static IReadOnlyList<RowResult> Read(string folder, IEnumerable<Row> rows) =>
        [.. rows.Select(row => Path.Combine(folder, FileName(row.Name))).Where(File.Exists).Select(RowResult.Read)];

    /// <summary>The name of a row's file.</summary>
    public static string FileName(string row) => $"replay-{row}.json";

    /// <summary>The document with a table made anew.</summary>
    /// <param name="document">The document's text.</param>
    /// <param name="begin"><see cref="Recorded"/> or <see cref="Local"/>.</param>
    /// <param name="results">The table's rows.</param>
    public static string PutInto(string document, string begin, IReadOnlyList<RowResult> results)
    {
        int at = document.IndexOf(begin, StringComparison.Ordinal), end = at < 0 ? -1 : document.IndexOf(End, at, StringComparison.Ordinal);
        if (end < 0) throw new InvalidDataException($"The document has no place for the table: {begin} ... {End}");
        return document[..(at + begin.Length)] + "\n" + Write(results) + document[end..];
    }

    private static string Write(IReadOnlyList<RowResult> results)
    {
        var text = new StringBuilder();
        text.Append("| row | must show | accuracy, % | cost over strong | strong alone, % | over strong, points | drafters alone, % (cost) | accepted, escalated, mended |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var result in results) text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", Cells(result))} |\n");
        text.Append('\n');
        foreach (var group in results.GroupBy(result => (result.Date, Versions: string.Join(", ", result.Versions.Where(version => version.Key != "route").Select(version => $"{version.Key} {version.Value}")))))
            text.Append(CultureInfo.InvariantCulture, $"{group.Key.Date:yyyy-MM-dd}, {group.Key.Versions}: {string.Join(", ", group.Select(result => result.Row))}.\n");
        return text.ToString();
    }

    private static IEnumerable<string> Cells(RowResult result)
    {
        var (route, counts) = (result.Route, result.Counts);
        yield return $"`{result.Row}`: {result.Description} ({Number(result.Questions)} questions of {result.Set})";
        yield return $"{result.Goal}: {(result.Reached ? "yes" : "**no**")}";
        yield return Percent(route.Accuracy);
        yield return Share(route.CostShare);
        yield return $"{result.Strong} {Percent(result.StrongAlone.Accuracy)}";
        yield return Invariant($"{result.AboveStrong.Value:+0.0;-0.0;0.0} ({result.AboveStrong.Low:+0.0;-0.0;0.0} to {result.AboveStrong.High:+0.0;-0.0;0.0})");
        var drafters = result.Alone.Where(alone => alone.Name != result.Strong).ToList();
        yield return drafters.Count == 0 ? "-" : string.Join("; ", drafters.Select(alone => Invariant($"{alone.Name} {Percent(alone.Accuracy)} ({alone.CostShare.Value:0.000})")));
        yield return $"{Number(counts.Accepted)}, {Number(counts.Escalated)}, {Number(counts.Mended)}";
    }

    private static string Percent(Interval accuracy) => Invariant($"{accuracy.Value:F1} ({accuracy.Low:F1} to {accuracy.High:F1})");

    private static string Share(Interval share) => Invariant($"{share.Value:F3} ({share.Low:F3} to {share.High:F3})");

    private static string Number(int number) => Invariant($"{number:N0}");

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);
}
