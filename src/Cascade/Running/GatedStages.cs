using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Running;

/// <summary>The judged stages of one request: each drafts, is judged, and is repaired as often as the route allows.</summary>
internal sealed class GatedStages
{
    private readonly CascadeRequest request;
    private readonly RequestTrace trace;
    private readonly CappedAttempter caps;
    private readonly Gate gate;
    private readonly DraftTaker taker;
    private readonly Agreement agreement;
    private bool anyRejected;

    public GatedStages(CascadeRequest request, RequestTrace trace, CappedAttempter caps, TimeProvider time)
    {
        (this.request, this.trace, this.caps) = (request, trace, caps);
        var context = new ValidationContext { Request = request.Request, Route = request.Route, Attempter = caps, Trace = trace, Time = time };
        gate = new Gate(context, caps);
        taker = new DraftTaker(caps, trace, gate, time);
        agreement = new Agreement(request, taker, gate, time);
    }

    /// <summary>The best whole draft of those that did not pass and may still go out.</summary>
    public Judged? Best { get; private set; }

    /// <summary>The draft of this stage that passed, or <c>null</c>.</summary>
    public Task<Judged?> PassAsync(Stage stage, int index, CancellationToken cancellationToken) =>
        stage.Agreement is { } policy ? AgreeAsync(stage, index, policy, cancellationToken) : DraftAndRepairAsync(stage, index, cancellationToken);

    /// <summary>Why no answer goes out. Names the checks, not what they found: findings quote the draft, and of a rejected one nothing leaves.</summary>
    /// <param name="failure">Why the last stage that nothing judges failed, if one did.</param>
    public Problem WhyNone(Problem? failure)
    {
        if (!anyRejected) return failure ?? taker.LastProblem ?? new Problem(ProblemKind.Internal, "The route asked nobody.");
        var checks = trace.Verdicts.Where(verdict => verdict.Verdict.Kind is not VerdictKind.Accept).Select(verdict => verdict.Validator).Distinct();
        string words = $"No answer of route '{request.Route.Name}' passed its checks: {string.Join(", ", checks)}. The request's trace has what they found.";
        return new Problem(ProblemKind.NotCountersigned, caps.Refusal is { } cap ? $"{words} {cap.Message}" : words, caps.Refusal?.Param);
    }

    private async Task<Judged?> AgreeAsync(Stage stage, int index, AgreementPolicy policy, CancellationToken cancellationToken)
    {
        var judged = await agreement.RunAsync(stage, index, policy, Keep, cancellationToken);
        if (judged is { Passed: false }) Keep(judged);
        return judged is { Passed: true } ? judged : null;
    }

    private async Task<Judged?> DraftAndRepairAsync(Stage stage, int index, CancellationToken cancellationToken)
    {
        var attempt = StageRequests.Draft(request.Request, stage, index, stage.Deployments[0]) with { StrictThinking = request.Route.StrictThinking };
        var judged = await DraftAsync(attempt, stage, cancellationToken);
        for (int repair = 0; judged is { Passed: false, Findings.Count: > 0 } && repair < request.Route.Repair.Attempts; repair++)
        {
            var again = StageRequests.Repair(attempt, judged, stage, request.Route.Repair);
            if (!MayRepair(again)) break;
            judged = await DraftAsync(again, stage, cancellationToken);
        }

        return judged is { Passed: true } ? judged : null;
    }

    private async Task<Judged?> DraftAsync(AttemptRequest attempt, Stage stage, CancellationToken cancellationToken)
    {
        var judged = await taker.TakeAsync(attempt, StageRequests.OwnCap(request.Request, stage), cancellationToken);
        if (judged is not null) judged = await gate.JudgeAsync(judged, ValidatorCost.Free, ValidatorCost.Model, cancellationToken);
        if (judged is { Passed: false }) Keep(judged);
        return judged;
    }

    private void Keep(Judged rejected)
    {
        anyRejected = true;
        if (rejected is { IsWhole: true, IsWithheld: false } && rejected.IsBetterThan(Best)) Best = rejected;
    }

    // Repairs have a purse of their own: what they cost so far, unknown costs at their bound, and what the next may cost.
    private bool MayRepair(AttemptRequest again)
    {
        if (request.Route.Repair.MaxUsd is not { } max) return true;
        var bound = caps.BoundOf(again);
        if (!bound.IsComplete) return false;
        decimal spent = trace.Attempts.Where(attempt => attempt.Purpose is AttemptPurpose.Repair).Sum(attempt => attempt.Cost.IsComplete ? attempt.Cost.Usd : bound.Usd);
        return spent + bound.Usd <= max;
    }
}
