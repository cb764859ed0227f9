using System.Diagnostics;
using Countersign.Cascade.Attempts;
using Countersign.Gateway.Ledger;

namespace Countersign.Gateway.Telemetry;

/// <summary>Makes a request's spans once it is over, from what the ledger was given: the request, and below it a span per attempt with an event per verdict. Costs nothing where nobody listens.</summary>
internal sealed class GatewayTracing : IDisposable
{
    public const string SourceName = "Countersign.Gateway";

    private readonly ActivitySource source = new(SourceName);

    /// <param name="finished">As the ledger was given it.</param>
    /// <param name="parent">The caller's trace context (W3C <c>traceparent</c>), if it sent one.</param>
    public void Record(FinishedRequest finished, ActivityContext parent)
    {
        if (!source.HasListeners()) return;
        string operation = GatewayMetrics.Operation(finished);
        using var request = source.StartActivity($"{operation} {finished.Model}", ActivityKind.Server, parent, startTime: finished.Started);
        if (request is null) return;
        request.SetTag(GenAiNames.OperationName, operation).SetTag(GenAiNames.RequestModel, finished.Model);
        request.SetTag("countersign.request.id", finished.Id).SetTag("countersign.route", finished.Route).SetTag("countersign.end", finished.Trace.End.ToString());
        SetUsage(request, finished.Trace.TotalUsage);
        if (finished.Problem is { } problem) request.SetTag(GenAiNames.ErrorType, problem.Kind.ToString()).SetStatus(ActivityStatusCode.Error);
        foreach (var attempt in finished.Trace.Attempts) Record(attempt, operation, request.Context, finished.Trace);
        request.SetEndTime((finished.Started + finished.Duration).UtcDateTime);
    }

    public void Dispose() => source.Dispose();

    private void Record(AttemptRecord attempt, string operation, ActivityContext parent, RequestTrace trace)
    {
        using var span = source.StartActivity($"{operation} {attempt.RequestModel}", ActivityKind.Client, parent, startTime: attempt.Started);
        if (span is null) return;
        span.SetTag(GenAiNames.OperationName, operation).SetTag(GenAiNames.ProviderName, attempt.Provider);
        span.SetTag(GenAiNames.RequestModel, attempt.RequestModel).SetTag(GenAiNames.ResponseModel, attempt.ResponseModel);
        span.SetTag("countersign.deployment", attempt.Deployment).SetTag("countersign.purpose", attempt.Purpose.ToString());
        if (attempt.FinishReason is { } reason) span.SetTag(GenAiNames.FinishReasons, new[] { reason.ToString() });
        SetUsage(span, attempt.Usage);
        if (attempt.Problem is { } problem) span.SetTag(GenAiNames.ErrorType, problem.Kind.ToString()).SetStatus(ActivityStatusCode.Error);
        foreach (var verdict in trace.Verdicts.Where(verdict => verdict.Attempt == attempt.Number))
            span.AddEvent(new ActivityEvent("countersign.verdict", attempt.Started + attempt.Duration, new ActivityTagsCollection { ["validator"] = verdict.Validator, ["verdict"] = verdict.Verdict.Kind.ToString() }));
        span.SetEndTime((attempt.Started + attempt.Duration).UtcDateTime);
    }

    private static void SetUsage(Activity span, Protocol.Chat.Usage? usage) =>
        span.SetTag(GenAiNames.InputTokens, usage?.InputTokens).SetTag(GenAiNames.OutputTokens, usage?.OutputTokens);
}
