using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Pipeline;

/// <summary>What a request has from the moment it comes in.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Started">When it came.</param>
/// <param name="Timestamp">The same moment on the monotonic clock.</param>
/// <param name="Parent">The caller's trace context (W3C <c>traceparent</c>); empty where there is none, or a broken one.</param>
internal sealed record Arrival(string Id, DateTimeOffset Started, long Timestamp, ActivityContext Parent)
{
    /// <summary>A request that came over HTTP; its id is told in the answer's head, whatever the answer will be.</summary>
    public static Arrival Of(HttpContext http, TimeProvider time)
    {
        var arrival = new Arrival(RequestId.New(time), time.GetUtcNow(), time.GetTimestamp(), ParentOf(http.Request));
        http.Response.Headers[Provenance.RequestIdHeader] = arrival.Id;
        return arrival;
    }

    private static ActivityContext ParentOf(HttpRequest request) =>
        request.Headers.TraceParent is { Count: 1 } parent && ActivityContext.TryParse(parent, request.Headers.TraceState, isRemote: true, out var context) ? context : default;
}
