using Countersign.Engine;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers.Http;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>What the engine's refusals and failures mean to a caller.</summary>
internal static class EngineFailure
{
    /// <summary>The problem that <paramref name="exception"/> means, or <c>null</c> where it is a fault of ours.</summary>
    public static Problem? Explain(Exception exception, CallTimer timer) => exception switch
    {
        _ when timer.Expired is { } expired => expired,
        ProblemException e => e.Problem,
        EngineException e => Of(e),
        FileNotFoundException e => new Problem(ProblemKind.UpstreamUnavailable, e.Message, "model", "model_not_found"),
        _ => null,
    };

    private static Problem Of(EngineException exception) => exception.Kind switch
    {
        EngineErrorKind.InvalidRequest => new Problem(ProblemKind.InvalidRequest, exception.Message),
        EngineErrorKind.TooLong => new Problem(ProblemKind.InvalidRequest, exception.Message, Code: FailureRules.ContextLengthExceeded),
        EngineErrorKind.QueueFull => new Problem(ProblemKind.RateLimited, exception.Message, Code: FailureRules.QueueFull, RetryAfter: TimeSpan.FromSeconds(1)),
        EngineErrorKind.OutOfMemory => new Problem(ProblemKind.UpstreamUnavailable, exception.Message, Code: "out_of_memory"),
        EngineErrorKind.NotFound or EngineErrorKind.Unloaded => new Problem(ProblemKind.UpstreamUnavailable, exception.Message),
        _ => new Problem(ProblemKind.UpstreamFailed, exception.Message),
    };
}
