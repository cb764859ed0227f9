using Countersign.Replay.Results;
using Countersign.Replay.Scoring;

namespace Countersign.Replay.Asking;

/// <summary>All answers of a route, or of a deployment alone, with what the ledger has of them; both in the order of the questions.</summary>
internal sealed class TargetRun(string target, IReadOnlyList<Answered> answers, IReadOnlyList<LedgerView> ledger)
{
    /// <summary>The route or deployment.</summary>
    public string Target => target;

    public IReadOnlyList<Answered> Answers => answers;

    /// <summary>Which answers are right; empty before <see cref="Grade"/>.</summary>
    public IReadOnlyList<bool> Rights { get; private set; } = [];

    /// <summary>Looks up which answers are right.</summary>
    public void Grade(Scorer scorer) => Rights = [.. answers.Select((answer, index) => scorer.IsRight(answer, ledger[index].WinningAttempt?.RequestModel))];

    /// <summary>The figures, with cost relative to the strong model's.</summary>
    public Measured Measure(TargetRun strong)
    {
        int right = Rights.Count(isRight => isRight);
        decimal usd = ledger.Sum(view => view.Cost.Usd ?? 0);
        return new Measured(target, Interval.Percent(right, Rights.Count), decimal.Round(usd, 8), Interval.Ratio(Costs(), strong.Costs()), right == 0 ? null : Math.Round((double)usd / right, 10));
    }

    /// <summary>What happened on the way.</summary>
    public Counts Count(int unmatched, int ungraded) => new(
        Accepted: ledger.Count(view => view is { Accepted: true, WinningAttempt.Stage: 0 }),
        Escalated: ledger.Count(view => view.Attempts.Any(attempt => attempt.Stage > 0)),
        Repaired: ledger.Count(view => view.Attempts.Any(attempt => attempt.Purpose == "repair")),
        Mended: ledger.Count(view => view.IsMended),
        Failed: answers.Count(answer => answer.Status >= 400 || !answer.IsWhole),
        Attempts: ledger.Sum(view => view.Attempts.Count),
        unmatched,
        ungraded);

    private List<double> Costs() => [.. ledger.Select(view => (double)(view.Cost.Usd ?? 0))];
}
