using System.Runtime.CompilerServices;
using System.Threading.RateLimiting;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Providers.Http;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Dispatch;

/// <summary>One call to one deployment within its time limits, with its record in the trace. What it throws becomes its last event. The record is closed when the answer's last event is reached,
/// before that event is handed on, so that a ledger commit made on it is complete. Not thread-safe.</summary>
internal sealed class UpstreamCall(
    IProvider provider, ProviderCall call, Breaker breaker, RateLimitLease place, TimeProvider time, CancellationToken cancellationToken) : IAsyncEnumerator<ChatEvent>
{
    private readonly long began = time.GetTimestamp();
    private CallTimer? timer;
    private IAsyncEnumerator<ChatEvent>? events;
    private AttemptRecord? record;
    private Queue<ChatEvent>? heads;
    private ChatEvent? first;
    private bool hasBegun, isOver, sawThought, sawAnswer;

    /// <summary>The event reached.</summary>
    public ChatEvent Current { get; private set; } = null!;

    /// <summary>Opens the record, makes the call and waits for the first event that holds some of the answer. Returns why there is none, or <c>null</c> where there is one, or the answer was empty.
    /// What came until then is what <see cref="MoveNextAsync"/> goes to first.</summary>
    public async ValueTask<Problem?> StartAsync()
    {
        record = call.Trace.Open(new AttemptRecord
        {
            Deployment = call.Deployment.Name,
            Provider = call.Deployment.Provider,
            RequestModel = call.Deployment.Model,
            Purpose = call.Purpose,
            Stage = call.Stage,
            Started = time.GetUtcNow(),
            Thinking = (call as ChatCall)?.Thinking,
        });
        timer = new CallTimer(call.Deployment.Timeouts, call.IsStream, time, cancellationToken);
        while (await StepAsync())
        {
            if (Current is not (AnswerStarted or UsageReported))
            {
                first = Current;
                break;
            }

            (heads ??= []).Enqueue(Current);
        }

        hasBegun = first is not null || (record.Problem is null && heads is not null);
        return hasBegun ? null : record.Problem ?? Silence();
    }

    /// <summary>Goes to the next event; <c>false</c> where the call is over. A failure is its last event, and told to the breaker.</summary>
    public ValueTask<bool> MoveNextAsync()
    {
        if (heads?.TryDequeue(out var head) == true) Current = head;
        else if (first is not null) (Current, first) = (first, null);
        else return isOver ? new(false) : StepAsync();
        return new(true);
    }

    /// <summary>Ends the call, at once where it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        Close(cancellationToken.IsCancellationRequested ? AttemptStatus.Cancelled : AttemptStatus.CutOff);
        if (events is not null) await events.DisposeAsync();
        timer?.Dispose();
        place.Dispose();
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))] // It waits for every chunk of a stream.
    private async ValueTask<bool> StepAsync()
    {
        try
        {
            events ??= provider.CallAsync(call, timer!).GetAsyncEnumerator(timer!.Token);
            while (await events.MoveNextAsync())
            {
                See(Current = events.Current);
                if (Current is not WireFacts) return true;
            }
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested || provider.Explain(e, timer!) is not null)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Fail(provider.Explain(e, timer!)!);
        }

        isOver = true;
        Close(AttemptStatus.Completed);
        if (!hasBegun || record!.Problem is not { } problem) return false;
        await breaker.ReportAsync(problem);
        Current = new AttemptFailed(problem);
        return true;
    }

    private void See(ChatEvent chatEvent)
    {
        switch (chatEvent)
        {
            case AnswerStarted started: (record!.ResponseModel, call.Trace.IsAwaited) = (started.Model, true); break;
            case AnswerAwaited: call.Trace.IsAwaited = true; break;
            case UsageReported reported: (record!.Usage, record.RawUsage) = (reported.Usage, reported.Raw); break;
            case ChoiceFinished { Choice: 0 } finished: record!.FinishReason = finished.Reason; break;
            case ReasoningDelta: Saw(ref sawThought); break;
            case TextDelta { Text.Length: > 0 } or ToolCallDelta or AnswerBegun: Saw(ref sawAnswer); break;
            case PromptMarked marked: record!.PromptCache = marked.Marking; break;
            case WireFacts facts:
                foreach (var fact in facts.Events) See(fact);
                break;
            case WireFrames frames:
                SeeToken();
                if (frames.IsLast) Close(AttemptStatus.Completed);
                break;
            case not ChoiceFinished: SeeToken(); break;
        }
    }

    private void Saw(ref bool what)
    {
        what = true;
        SeeToken();
    }

    /// <summary>Thinking shares the output limit; an answer that holds nothing else is told of, as it looks like one that says nothing. Some makers show no thoughts and only count them.</summary>
    private void WarnOfThoughtAlone(AttemptRecord closed)
    {
        bool thought = sawThought || closed.Usage?.ReasoningTokens > 0;
        if (closed.FinishReason == FinishReason.Length && thought && !sawAnswer) call.Trace.Warn($"max_tokens: '{call.Deployment.Name}' was still thinking when its output limit ended the answer, so that it is empty. Raise the limit, or ask for less thinking.");
    }

    private void SeeToken() => record!.TimeToFirstToken ??= time.GetElapsedTime(began);

    private Problem Silence()
    {
        var problem = new Problem(ProblemKind.UpstreamFailed, $"Deployment `{call.Deployment.Name}` gave an empty answer.", Source: call.Deployment.Name);
        (record!.Status, record.Problem) = (AttemptStatus.Failed, problem);
        return problem;
    }

    private void Fail(Problem problem)
    {
        record!.Problem = UnknownModel.Explain(problem, call) with { Source = problem.Source ?? call.Deployment.Name };
        Close(problem.Kind == ProblemKind.Timeout ? AttemptStatus.TimedOut : AttemptStatus.Failed);
    }

    private void Close(AttemptStatus status)
    {
        if (record is not { Status: AttemptStatus.Running }) return;
        record.Status = status;
        record.Duration = time.GetElapsedTime(began);
        record.Cost = CostOf(record);
        if (status == AttemptStatus.Completed) WarnOfThoughtAlone(record);
    }

    private Cost CostOf(AttemptRecord closed)
    {
        if (closed.Usage is null && closed.Problem is { } problem && FailureRules.WasNotServed(problem)) return Cost.Zero;
        var price = call.Deployment.PriceOn(DateOnly.FromDateTime(closed.Started.UtcDateTime));
        closed.PriceSource = price?.Source;
        closed.SavedUsd = price?.SavedByCache(closed.Usage);
        return price?.CostOf(closed.Usage) ?? Cost.Unknown;
    }
}
