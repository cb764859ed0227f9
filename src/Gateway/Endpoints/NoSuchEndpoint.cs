using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;

namespace Countersign.Gateway.Endpoints;

/// <summary>Everything that is no endpoint: an error in the shape of the API that the path looks like. A path that is there for other methods names them
/// (405 and <c>Allow</c>; RFC 9110, 15.5.6).</summary>
internal sealed class NoSuchEndpoint(EndpointDataSource endpoints, TimeProvider time)
{
    public Task RunAsync(HttpContext http)
    {
        Arrival.Of(http, time);
        var api = http.Request.Path.StartsWithSegments("/v1/messages") ? WireApiKind.AnthropicMessages : WireApiKind.OpenAiChat;
        return ProblemResponse.WriteAsync(http, api, ProblemOf(http), http.RequestAborted);
    }

    private Problem ProblemOf(HttpContext http)
    {
        var (method, path) = (http.Request.Method, http.Request.Path);
        string allowed = string.Join(", ", MethodsOf(path).Distinct());
        if (allowed.Length == 0) return new Problem(ProblemKind.NotFound, $"There is no {method} {path}. The README lists what there is.", Code: "unknown_url");
        http.Response.Headers.Allow = allowed;
        return new Problem(ProblemKind.MethodNotAllowed, $"There is no {method} {path}, only {allowed}.");
    }

    private IEnumerable<string> MethodsOf(PathString path) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        where new TemplateMatcher(new RouteTemplate(endpoint.RoutePattern), []).TryMatch(path, [])
        select method;
}
