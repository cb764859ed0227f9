using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire;

/// <summary>What an upstream's error means to the caller of this gateway; the same for every API.</summary>
internal static class UpstreamProblem
{
    private const int LongestMessage = 500;

    /// <summary>Makes the problem.</summary>
    /// <param name="status">The upstream's HTTP status; 0 where the error came within a stream.</param>
    /// <param name="message">The upstream's own words, if any. Those about the gateway's credentials are not passed on: they may repeat parts of a key.</param>
    /// <param name="param">The parameter that it complains of.</param>
    /// <param name="code">Its own code.</param>
    public static Problem Of(int status, string? message, string? param = null, string? code = null)
    {
        var kind = KindOf(status);
        string words = status is 401 or 403
            ? $"The upstream refused the gateway's credentials (status {status})."
            : Shorten(message) ?? (status == 0 ? "The upstream reported an error within its stream." : $"The upstream answered with status {status}.");
        return new Problem(kind, words, param, code, UpstreamStatus: status == 0 ? null : status);
    }

    /// <summary>A refusal of the request is the caller's; one of the gateway's key, account or model name is not.</summary>
    private static ProblemKind KindOf(int status) => status switch
    {
        400 or 422 => ProblemKind.InvalidRequest,
        408 or 504 => ProblemKind.Timeout,
        413 => ProblemKind.TooLarge,
        429 => ProblemKind.RateLimited,
        503 or 529 => ProblemKind.UpstreamUnavailable,
        _ => ProblemKind.UpstreamFailed,
    };

    private static string? Shorten(string? message) => string.IsNullOrWhiteSpace(message) ? null
        : message.Length <= LongestMessage ? message : string.Concat(message.AsSpan(0, LongestMessage), "…");
}
