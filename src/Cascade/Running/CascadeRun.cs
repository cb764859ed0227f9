using System.Runtime.CompilerServices;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Running;

/// <summary>One request on its way: stage by stage, until an answer may go out.</summary>
internal sealed class CascadeRun(CascadeRequest request, RequestTrace trace, IAttempter attempter, SessionLatch latch, TimeProvider time)
{
    private readonly Route route = request.Route;

    public async IAsyncEnumerable<ChatEvent> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var caps = new CappedAttempter(attempter, request, time, cancellationToken);
        var gated = route.IsGated ? new GatedStages(request, trace, caps, time) : null;
        Problem? failure = null;
        try
        {
            int last = gated is null ? 0 : route.Escalation.Count;
            trace.Latched = last > 0 && latch.Holds(request);
            for (int index = trace.Latched ? last : 0; index <= last; index++)
            {
                var stage = index == 0 ? route.Draft : route.Escalation[index - 1];
                if (gated is not null && route.IsJudged(stage))
                {
                    var winner = await gated.PassAsync(stage, index, caps.Token);
                    if (winner is null) continue;
                    foreach (var chatEvent in Settle(winner, CascadeEnd.Accepted)) yield return chatEvent;
                    yield break;
                }

                var live = new LiveStage(trace);
                await foreach (var chatEvent in (caps.IsNeeded ? caps : attempter).AttemptAsync(StageRequests.Live(request, stage, index), trace, caps.Token))
                {
                    if (!live.Take(chatEvent)) continue;
                    if (live.TakeHead() is { } head) yield return head;
                    yield return chatEvent;
                }

                failure = live.Failure;
                if (failure is not null) continue;
                live.End();
                if (live.TakeHead() is { } alone) yield return alone;
                yield break;
            }

            foreach (var chatEvent in Exhausted(gated, failure, caps.Refusal)) yield return chatEvent;
        }
        finally
        {
            if (trace.End is CascadeEnd.Running) (trace.End, trace.Winner) = (CascadeEnd.Cancelled, null);
            else latch.Note(request, trace);
        }
    }

    private IEnumerable<ChatEvent> Exhausted(GatedStages? gated, Problem? failure, Problem? cap)
    {
        if (gated?.Best is { } best && route.WhenExhausted is WhenExhausted.Best)
        {
            if (cap is not null) trace.Warn($"The best draft so far is given. {cap.Message}");
            return Settle(best, CascadeEnd.BestSoFar);
        }

        trace.End = CascadeEnd.Failed;
        return [new AttemptFailed(gated?.WhyNone(failure) ?? failure!)];
    }

    /// <summary>Log-probabilities that only a validator asked for stay here.</summary>
    private ChatEvent? AsAsked(ChatEvent chatEvent) => chatEvent switch
    {
        LogprobsDelta when !request.Request.Logprobs => null,
        LogprobsDelta delta => delta with { Tokens = [.. delta.Tokens.Select(token => token with { Top = token.Top?.Take(request.Request.TopLogprobs ?? 0).ToList() })] },
        _ => chatEvent,
    };

    private IEnumerable<ChatEvent> Settle(Judged winner, CascadeEnd end)
    {
        // A draft that every validator spared (the judge's sample) is passed on, but nobody accepted it.
        if (end is CascadeEnd.Accepted && !trace.Verdicts.Any(verdict => verdict.Attempt == winner.Draft.Attempt.Number)) end = CascadeEnd.Answered;
        (trace.Winner, trace.Accepted, trace.End) = (winner.Draft.Attempt, end is CascadeEnd.Accepted, end);
        return winner.Events.Select(AsAsked).OfType<ChatEvent>();
    }
}
