using Countersign.Protocol.Problems;
using Polly;
using Polly.CircuitBreaker;

namespace Countersign.Gateway.Dispatch;

/// <summary>Leaves a deployment alone for a while after too many failures, then lets one call through to see. Thread-safe.
/// A call counts by whether its first event came; a stream that breaks later counts as one more call, a failed one.</summary>
internal sealed class Breaker
{
    // Polly's smallest values; it refuses to be built with less.
    private const int FewestCalls = 2;
    private static readonly TimeSpan ShortestTime = TimeSpan.FromMilliseconds(500);

    private readonly CircuitBreakerStateProvider state = new();
    private readonly ResiliencePipeline<Problem?> pipeline;

    public Breaker(string deployment, BreakerOptions options, TimeProvider time)
    {
        Deployment = deployment;
        pipeline = new ResiliencePipelineBuilder<Problem?> { TimeProvider = time }.AddCircuitBreaker(new CircuitBreakerStrategyOptions<Problem?>
        {
            FailureRatio = options.FailureRatio,
            MinimumThroughput = Math.Max(FewestCalls, options.MinimumCalls),
            SamplingDuration = Longer(options.Window),
            BreakDuration = Longer(options.OpenFor),
            StateProvider = state,
            ShouldHandle = arguments => new(IsFailure(arguments.Outcome)),
        }).Build();
    }

    /// <summary>Whose it is.</summary>
    public string Deployment { get; }

    /// <summary>Starts <paramref name="call"/>, unless the breaker is open. Returns why there is no first event, or <c>null</c> where there is one.</summary>
    /// <exception cref="OperationCanceledException">The caller cancelled.</exception>
    public async ValueTask<Problem?> StartAsync(UpstreamCall call, CancellationToken cancellationToken)
    {
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            var outcome = await pipeline.ExecuteOutcomeAsync(static (_, call) => TryStartAsync(call), context, call);
            if (outcome.Exception is BrokenCircuitException broken) return Open(broken.RetryAfter);
            outcome.ThrowIfException();
            return outcome.Result;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    /// <summary>Counts a failure that came after the first event.</summary>
    public async ValueTask ReportAsync(Problem problem)
    {
        var context = ResilienceContextPool.Shared.Get(CancellationToken.None);
        await pipeline.ExecuteOutcomeAsync<Problem?, Problem>(static (_, problem) => new(Outcome.FromResult<Problem?>(problem)), context, problem);
        ResilienceContextPool.Shared.Return(context);
    }

    private static async ValueTask<Outcome<Problem?>> TryStartAsync(UpstreamCall call)
    {
        try
        {
            return Outcome.FromResult<Problem?>(await call.StartAsync());
        }
        catch (OperationCanceledException cancelled)
        {
            return Outcome.FromException<Problem?>(cancelled);
        }
    }

    // A cancelled call says nothing; but as the one trial call of a half-open breaker it must not close it.
    private bool IsFailure(Outcome<Problem?> outcome) =>
        outcome.Exception is not null ? state.CircuitState == CircuitState.HalfOpen
        : outcome.Result is { } problem && FailureRules.CountsAgainstHealth(problem);

    private Problem Open(TimeSpan? retryAfter) => new(
        ProblemKind.UpstreamUnavailable,
        $"Deployment `{Deployment}` failed too often and is left alone for a while.",
        Code: FailureRules.BreakerOpen,
        RetryAfter: retryAfter,
        Source: Deployment);

    private static TimeSpan Longer(TimeSpan time) => time < ShortestTime ? ShortestTime : time;
}
