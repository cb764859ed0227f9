using Countersign.Replay.Results;
using Spectre.Console;

namespace Countersign.Replay;

/// <summary>Replays rows one after the other and shows how far they are: bars where a person looks, else a line a row.</summary>
internal static class Progress
{
    /// <summary>Replays all rows.</summary>
    public static async Task<IReadOnlyList<RowResult>> RunAsync(IReadOnlyList<Row> rows, Replayer replayer, CancellationToken cancellationToken)
    {
        List<RowResult> results = [];
        if (Console.IsOutputRedirected)
        {
            foreach (var row in rows)
            {
                var replayed = await replayer.RunAsync(row, _ => { }, () => { }, cancellationToken);
                results.Add(replayed.Result);
                Console.WriteLine(InWords(replayed));
            }

            return results;
        }

        await AnsiConsole.Progress().AutoClear(false).HideCompleted(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn(), new SpinnerColumn())
            .StartAsync(async shown =>
            {
                var bars = rows.Select(row => shown.AddTask(row.Name, autoStart: false)).ToList();
                foreach (var (row, bar) in rows.Zip(bars))
                {
                    bar.StartTask();
                    var replayed = await replayer.RunAsync(row, steps => bar.MaxValue = steps, () => bar.Increment(1), cancellationToken);
                    bar.StopTask();
                    results.Add(replayed.Result);
                    AnsiConsole.WriteLine(InWords(replayed));
                }
            });
        return results;
    }

    private static string InWords(Replayed replayed)
    {
        var (result, counts) = (replayed.Result, replayed.Result.Counts);
        var (accuracy, cost) = (result.Route.Accuracy, result.Route.CostShare);
        string faults = replayed.Faults.Count == 0 ? "" : $"; faults made: {string.Join(", ", replayed.Faults.OrderBy(fault => fault.Key).Select(fault => $"{fault.Key} {fault.Value}"))}";
        string grader = result.Grader is { } check ? $"; grader agrees on {check.Agreed} of {check.Graded}" : "";
        return FormattableString.Invariant($"{result.Row}: {accuracy.Value:F1} % ({accuracy.Low:F1} to {accuracy.High:F1}) at {cost.Value:F3} ({cost.Low:F3} to {cost.High:F3}); {result.Strong} alone {result.StrongAlone.Accuracy.Value:F1} %; ")
            + FormattableString.Invariant($"must show {result.Goal}: {(result.Reached ? "yes" : "no")}; {string.Join(", ", result.Alone.Select(alone => FormattableString.Invariant($"{alone.Name} {alone.Accuracy.Value:F1} %")))}; ")
            + FormattableString.Invariant($"accepted {counts.Accepted}, escalated {counts.Escalated}, mended {counts.Mended}, failed {counts.Failed}, unmatched {counts.Unmatched}, ungraded {counts.Ungraded} of {result.Questions}{grader}{faults}");
    }
}
