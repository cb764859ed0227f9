namespace Countersign.Protocol.Problems;

/// <summary>What kind of thing went wrong; each API's table turns it into a status and a <c>type</c>.</summary>
public enum ProblemKind
{
    /// <summary>The request is malformed or contradicts itself (400).</summary>
    InvalidRequest,

    /// <summary>No key, or a wrong, revoked or expired one (401).</summary>
    Unauthenticated,

    /// <summary>The key may not do this (403).</summary>
    Forbidden,

    /// <summary>No such model, route or request (404).</summary>
    NotFound,

    /// <summary>The path is there, but not for this method (405).</summary>
    MethodNotAllowed,

    /// <summary>The body came too slowly (408).</summary>
    SlowRequest,

    /// <summary>The body is larger than allowed (413).</summary>
    TooLarge,

    /// <summary>A budget is spent (402).</summary>
    BudgetExceeded,

    /// <summary>Too many requests or tokens, or a full queue (429).</summary>
    RateLimited,

    /// <summary>No draft passed and the route wants an error rather than the best one (422).</summary>
    NotCountersigned,

    /// <summary>The upstream refused or broke (502).</summary>
    UpstreamFailed,

    /// <summary>The upstream cannot be reached or is known to be down (503).</summary>
    UpstreamUnavailable,

    /// <summary>The gateway itself can take no requests for now: its ledger cannot be written (503).</summary>
    Unavailable,

    /// <summary>A deadline passed (504).</summary>
    Timeout,

    /// <summary>The client left or the cascade cut the attempt (499); never sent.</summary>
    Cancelled,

    /// <summary>A fault of ours (500).</summary>
    Internal,
}

/// <summary>Something that went wrong, in words for the caller. Carries no secret and no body.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Message">What, and what to do about it.</param>
/// <param name="Param">The offending parameter, such as <c>messages[2].role</c>.</param>
/// <param name="Code">OpenAI's <c>code</c>, such as <c>model_not_found</c>.</param>
/// <param name="RetryAfter">When another try may succeed.</param>
/// <param name="Source">The deployment or provider concerned.</param>
/// <param name="UpstreamStatus">The upstream's HTTP status, where there was one.</param>
public sealed record Problem(
    ProblemKind Kind,
    string Message,
    string? Param = null,
    string? Code = null,
    TimeSpan? RetryAfter = null,
    string? Source = null,
    int? UpstreamStatus = null);

/// <summary>Carries a <see cref="Problems.Problem"/> to the place that answers.</summary>
public sealed class ProblemException(Problem problem, Exception? cause = null) : Exception(problem.Message, cause)
{
    /// <summary>What went wrong.</summary>
    public Problem Problem { get; } = problem;

    /// <summary>A malformed request.</summary>
    public static ProblemException Invalid(string message, string? param = null, string? code = null) =>
        new(new Problem(ProblemKind.InvalidRequest, message, param, code));
}
