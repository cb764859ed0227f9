using Microsoft.AspNetCore.Http;

namespace Countersign.Replay.Upstream;

/// <summary>Sends a reply, properly or with a fault. <paramref name="latency"/> is spread over what is sent.</summary>
internal sealed class Sending(HttpContext http, Reply reply, bool stream, bool includeUsage, TimeSpan latency, TimeProvider time)
{
    private const int DripPieces = 20;
    private static readonly TimeSpan DripPause = TimeSpan.FromMilliseconds(10);

    public async Task RunAsync(Fault? fault)
    {
        switch (fault)
        {
            case Fault.RateLimit:
                http.Response.Headers.RetryAfter = "1";
                await RefuseAsync(http, 429, "Too many requests (a fault made on purpose).", "rate_limit_exceeded");
                break;
            case Fault.Error:
                await RefuseAsync(http, 500, "The server had an error (made on purpose).", "server_error");
                break;
            default:
                await SendAsync(fault);
                break;
        }
    }

    /// <summary>Answers with an error in OpenAI's form.</summary>
    public static Task RefuseAsync(HttpContext http, int status, string message, string code)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new UpstreamError(new UpstreamErrorBody(message, code, code)), UpstreamJson.Default.UpstreamError, cancellationToken: http.RequestAborted);
    }

    private async Task SendAsync(Fault? fault)
    {
        http.Response.ContentType = stream ? "text/event-stream" : "application/json";
        var pieces = Broken(stream ? ReplyJson.Frames(reply, includeUsage) : [ReplyJson.Whole(reply)], fault);
        if (!stream && latency > TimeSpan.Zero) await Task.Delay(latency, time, http.RequestAborted);
        var pause = fault is Fault.Drip ? DripPause : stream ? latency / pieces.Count : TimeSpan.Zero;
        foreach (byte[] piece in pieces)
        {
            if (pause > TimeSpan.Zero) await Task.Delay(pause, time, http.RequestAborted);
            await http.Response.Body.WriteAsync(piece, http.RequestAborted);
            if (stream || fault is not null) await http.Response.Body.FlushAsync(http.RequestAborted);
        }

        if (fault is Fault.Stall) await Task.Delay(Timeout.InfiniteTimeSpan, time, http.RequestAborted);
        if (fault is Fault.Cut) http.Abort();
    }

    private List<byte[]> Broken(List<byte[]> pieces, Fault? fault)
    {
        if (fault is null) return pieces;
        if (!stream || fault is Fault.Drip) pieces = Cut([.. pieces.SelectMany(piece => piece)]);
        int half = pieces.Count / 2;
        return fault switch
        {
            Fault.Stall or Fault.Cut => [.. pieces.Take(half)],
            Fault.BadSse when stream => [.. pieces.Take(half), "\u0000\u0001 this: is no event\n<html>\ndata: {\"choi\n\n"u8.ToArray(), .. pieces.Skip(half)],
            Fault.BadSse or Fault.BadJson when !stream => [.. pieces.Take(half)],
            Fault.BadJson => [.. pieces.Take(half), "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":oops}}]}\n\n"u8.ToArray(), .. pieces.Skip(half)],
            _ => pieces,
        };
    }

    private static List<byte[]> Cut(byte[] body) => [.. body.Chunk(Math.Max(1, body.Length / DripPieces))];
}
