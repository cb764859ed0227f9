using System.Globalization;
using Countersign.Gateway.Ledger;

namespace Countersign.Cli.Demo;

/// <summary>Shows each task's way, and the report at the end.</summary>
internal sealed class DemoScreen(Terminal terminal, decimal usdPerHour)
{
    private const int MaxFinding = 160;
    private const double MillisecondsPerHour = 3_600_000;

    /// <summary>A task's way: each attempt with what the checks said of it, and how it ended.</summary>
    public void Show(TaskKind kind, DemoTask task, DemoResult result)
    {
        terminal.Line($"{kind.Route}: {task.Name}", "bold");
        foreach (var attempt in result.Trace.Attempts) Show(attempt, [.. result.Trace.Verdicts.Where(verdict => verdict.Attempt == attempt.Number)]);
        if (result.Answer is null) terminal.Line($"  not countersigned: {Cut(result.Trace.Problem?.Message ?? "no answer")}", "yellow");
        else terminal.Line($"  accepted, and {(result.IsRight ? "right" : "wrong")}: {result.Answer}", result.IsRight ? "green" : "red");
    }

    /// <summary>What the run came to.</summary>
    public void Report(IReadOnlyList<DemoResult> results, string model)
    {
        var accepted = results.Where(result => result.Trace.Accepted).ToList();
        int right = accepted.Count(result => result.IsRight), repaired = accepted.Count(result => result.Winner!.Purpose == "repair"), escalated = accepted.Count(result => result.Winner!.Stage > 0);
        var attempts = results.SelectMany(result => result.Trace.Attempts).ToList();
        var own = attempts.Where(attempt => attempt.RequestModel == model).ToList();
        double milliseconds = own.Sum(attempt => attempt.DurationMs);
        decimal compute = (decimal)(milliseconds / MillisecondsPerHour) * usdPerHour;
        decimal bought = attempts.Except(own).Sum(attempt => attempt.Cost.Usd ?? 0);
        bool isComplete = attempts.Except(own).All(attempt => attempt.Cost.Complete);
        terminal.Line("");
        terminal.Line("Report", "bold");
        terminal.Columns(
        [
            ("requests", $"{results.Count}: {accepted.Count} accepted, {results.Count - accepted.Count} failed (not countersigned)"),
            ("accepted", $"{accepted.Count - repaired - escalated} as drafted, {repaired} repaired, {escalated} escalated"),
            ("known answers", $"of the {accepted.Count} accepted {right} are right and {accepted.Count - right} wrong"),
            ("tokens", Tokens(own, milliseconds)),
            ("money", $"{Usd(compute + bought, isComplete)}: {Text($"{milliseconds / 1000:0.0}")} s of this machine at {Usd(usdPerHour, true)} an hour (--usd-per-hour){(attempts.Count > own.Count ? $", and {Usd(bought, isComplete)} for the strong model" : "")}"),
            ("per success", right == 0 ? "no success" : $"{Usd((compute + bought) / right, isComplete)} for each right answer, all attempts of all requests counted"),
        ]);
    }

    private void Show(StoredAttempt attempt, IReadOnlyList<StoredVerdict> verdicts)
    {
        string step = attempt switch { { Purpose: "repair" } => "repair", { Stage: 0 } => "draft", _ => $"stage {attempt.Stage + 1}" };
        var reject = verdicts.FirstOrDefault(verdict => verdict.Verdict != "accept");
        string said = attempt.Problem is { } problem ? $"failed: {Cut(problem.Message)}"
            : reject is not null ? $"{reject.Validator}: {Cut(string.Join(' ', reject.Findings.Select(finding => finding.Message)))}"
            : $"passed {string.Join(", ", verdicts.Select(verdict => verdict.Validator).Distinct())}";
        terminal.Line($"  {step.PadRight(8)}{attempt.Deployment}, {Text($"{attempt.DurationMs / 1000:0.0}")} s  {said}", reject is null && attempt.Problem is null ? "default" : "yellow");
    }

    private static string Tokens(List<StoredAttempt> attempts, double milliseconds)
    {
        long read = attempts.Sum(attempt => attempt.Usage?.InputTokens ?? 0), cached = attempts.Sum(attempt => attempt.Usage?.CachedInputTokens ?? 0), written = attempts.Sum(attempt => attempt.Usage?.OutputTokens ?? 0);
        return Text($"{read:N0} read ({cached:N0} of them from the cache), {written:N0} written: {(read - cached + written) / Math.Max(milliseconds / 1000, 0.001):N0} computed a second");
    }

    private static string Cut(string text) => text.Length <= MaxFinding ? text : text[..MaxFinding] + "...";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static string Usd(decimal usd, bool isComplete) => (isComplete ? "$" : "at least $") + usd.ToString("0.00######", CultureInfo.InvariantCulture);
}
