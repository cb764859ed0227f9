using System.Diagnostics;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Pipeline;

/// <summary>What every request gets as it comes in: an id, told in its answer's head, and the caller's trace context.</summary>
internal static class Arrival
{
    public static string Stamp(HttpContext http, TimeProvider time)
    {
        string id = RequestId.New(time);
        http.Response.Headers[Provenance.RequestIdHeader] = id;
        return id;
    }

    /// <summary>W3C <c>traceparent</c>; empty where there is none, or a broken one.</summary>
    public static ActivityContext TraceContext(HttpRequest request) =>
        request.Headers.TraceParent is { Count: 1 } parent && ActivityContext.TryParse(parent, request.Headers.TraceState, isRemote: true, out var context) ? context : default;
}
