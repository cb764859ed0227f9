using System.Net.Sockets;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Puts into words what can go wrong between here and an upstream. Addresses and headers stay out of them.</summary>
internal static class UpstreamFailure
{
    /// <summary>The problem that <paramref name="exception"/> means, or <c>null</c> where it is a fault of ours.</summary>
    public static Problem? Explain(Exception exception, CallTimer timer) => exception switch
    {
        _ when timer.Expired is { } expired => expired,
        ProblemException e => e.Problem,
        OperationCanceledException { InnerException: TimeoutException } => NoConnection("No connection within its time (timeout `connect`).", ProblemKind.Timeout, FailureRules.ConnectTimeout),
        HttpRequestException e when e.HttpRequestError is HttpRequestError.NameResolutionError => NoConnection("No connection: the upstream's name cannot be resolved."),
        HttpRequestException e when e.HttpRequestError is HttpRequestError.SecureConnectionError => NoConnection("No connection: TLS failed."),
        HttpRequestException e when e.HttpRequestError is HttpRequestError.ConnectionError => NoConnection($"No connection: {Words(e.InnerException)}."),
        HttpRequestException or IOException => Broken(),
        _ => null,
    };

    /// <summary>The upstream went away in the middle of its answer.</summary>
    public static Problem Broken() => new(ProblemKind.UpstreamFailed, "The connection broke before the answer was complete.", Code: "answer_cut");

    private static Problem NoConnection(string message, ProblemKind kind = ProblemKind.UpstreamUnavailable, string code = FailureRules.ConnectionFailed) => new(kind, message, Code: code);

    private static string Words(Exception? cause) => cause is SocketException { SocketErrorCode: SocketError.ConnectionRefused }
        ? "the upstream refused it (is it running?)"
        : "the upstream cannot be reached";
}
