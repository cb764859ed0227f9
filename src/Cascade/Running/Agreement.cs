using Countersign.Cascade.Routes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>Drafts of several deployments, or several of one, until enough of them say the same. A draft that the cheap validators reject has no vote;
/// those that ask a model judge only the winner, who is the first of the majority.</summary>
internal sealed class Agreement(CascadeRequest request, DraftTaker taker, Gate gate, TimeProvider time)
{
    /// <summary>What its verdict is recorded as.</summary>
    public const string Name = "agreement";

    /// <summary>The winner, or the best of those that did not agree; <c>null</c> where every attempt failed.</summary>
    public async Task<Judged?> RunAsync(Stage stage, int index, AgreementPolicy policy, Action<Judged> rejected, CancellationToken cancellationToken)
    {
        long start = time.GetTimestamp();
        var vote = new Vote(policy.Need, stage.Deployments.Count * stage.Samples);
        while (vote.IsOpen)
        {
            var draft = await DraftAsync(stage, index, vote.Asked, cancellationToken);
            if (draft is { Passed: false })
            {
                rejected(draft);
                draft = null;
            }

            vote.Cast(draft, draft is null ? null : AgreementForm.Of(draft.Draft.Answer, request.Request, policy));
        }

        if (vote.Leader is not { } leader) return null;
        double share = (double)vote.Largest / vote.Asked;
        if (vote.IsWon)
        {
            gate.Record(leader.Draft, Name, Verdict.AcceptWith(share), time.GetElapsedTime(start), onPrefix: false);
            return await gate.JudgeAsync(leader with { Accepts = leader.Accepts + 1 }, ValidatorCost.Model, ValidatorCost.Model, cancellationToken);
        }

        var finding = new Finding($"Of {vote.Asked} drafts {vote.Largest} say the same, and {policy.Need} must.");
        gate.Record(leader.Draft, Name, new Verdict(VerdictKind.Reject, [finding], share), time.GetElapsedTime(start), onPrefix: false);
        return leader.Reject(finding);
    }

    // Deployments take turns, so that those that err differently are heard before one is heard twice.
    private async Task<Judged?> DraftAsync(Stage stage, int index, int number, CancellationToken cancellationToken)
    {
        int sample = number / stage.Deployments.Count;
        var attempt = StageRequests.Draft(Sampled(request.Request, sample), stage, index, stage.Deployments[number % stage.Deployments.Count]) with { StrictThinking = request.Route.StrictThinking };
        var draft = await taker.TakeAsync(attempt, StageRequests.OwnCap(request.Request, stage), cancellationToken);
        return draft is null ? null : await gate.JudgeAsync(draft, ValidatorCost.Free, ValidatorCost.Network, cancellationToken);
    }

    // A caller's seed would make every sample the same.
    private static ChatRequest Sampled(ChatRequest request, int sample) => request.Seed is { } seed && sample > 0 ? request with { Seed = unchecked(seed + sample) } : request;
}
