using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Dispatch;

/// <summary>What follows from a failed call. One table, so that retry, fallback, breaker and bill never disagree about what happened.</summary>
internal static class FailureRules
{
    /// <summary>No connection came about.</summary>
    public const string ConnectionFailed = "connection_failed";

    /// <summary>No connection came about in time.</summary>
    public const string ConnectTimeout = "connect_timeout";

    /// <summary>Too many calls wait for the deployment already.</summary>
    public const string QueueFull = "queue_full";

    /// <summary>The deployment is left alone for a while.</summary>
    public const string BreakerOpen = "breaker_open";

    /// <summary>The request exceeds the model's context; upstreams say so with this code.</summary>
    public const string ContextLengthExceeded = "context_length_exceeded";

    /// <summary>Whether the same deployment may be asked again: 408, 429, 5xx, an overload that it reports without a status, or no connection.
    /// A call that was served in part (a cut stream, a timeout) is not repeated: it would be paid for twice.</summary>
    public static bool MayRetry(Problem problem) => problem switch
    {
        { Code: QueueFull or BreakerOpen } => false,
        { Code: ConnectionFailed or ConnectTimeout } => true,
        { UpstreamStatus: { } status } => status is 408 or 429 or >= 500,
        _ => problem.Kind is ProblemKind.UpstreamUnavailable or ProblemKind.RateLimited,
    };

    /// <summary>Whether the next deployment is asked: always, unless the upstream found fault with the request itself.
    /// A request too long for one model may fit the next.</summary>
    public static bool MayFallBack(Problem problem) => problem.UpstreamStatus is not (400 or 422) || problem.Code == ContextLengthExceeded;

    /// <summary>Whether it speaks against the deployment's health. A refusal (4xx) shows that it is alive.</summary>
    public static bool CountsAgainstHealth(Problem problem) =>
        problem.Kind is ProblemKind.UpstreamFailed or ProblemKind.UpstreamUnavailable or ProblemKind.Timeout
        && problem.UpstreamStatus is null or 408 or >= 500;

    /// <summary>Whether it is certain that nothing was generated, and so nothing is owed: there was no connection, the request
    /// could not be written, or an error status came in place of an answer.</summary>
    public static bool WasNotServed(Problem problem) =>
        problem.UpstreamStatus is >= 400 || problem.Kind == ProblemKind.InvalidRequest || problem.Code is ConnectionFailed or ConnectTimeout;
}
