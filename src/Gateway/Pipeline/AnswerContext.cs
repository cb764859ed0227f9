using Countersign.Cascade.Attempts;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Pipeline;

/// <summary>What an answer must know of its request.</summary>
/// <param name="Http">The exchange.</param>
/// <param name="RequestId">The request's id.</param>
/// <param name="Wire">The request as it came.</param>
/// <param name="Plan">The way that it goes.</param>
/// <param name="Trace">What happens to it.</param>
/// <param name="Started">When it came.</param>
internal sealed record AnswerContext(HttpContext Http, string RequestId, WireRequest Wire, Plan Plan, RequestTrace Trace, DateTimeOffset Started)
{
    /// <summary>A writer in the client's API.</summary>
    public AnswerWriter NewWriter() =>
        WireApi.For(Wire.Api).NewAnswerWriter(new AnswerHead(RequestId, Wire.Model, Started, Wire.Parsed));

    /// <summary>Fills in the response's head.</summary>
    public HttpResponse Begin(int status, string contentType)
    {
        var response = Http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        Provenance.SetHeaders(response.Headers, Plan, Trace);
        return response;
    }
}
