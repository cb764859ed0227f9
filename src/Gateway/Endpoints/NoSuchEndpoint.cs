using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Endpoints;

/// <summary>Everything that is no endpoint: an error in the shape of the API that the path looks like.</summary>
internal static class NoSuchEndpoint
{
    public static Task RunAsync(HttpContext http)
    {
        var api = http.Request.Path.StartsWithSegments("/v1/messages") ? WireApiKind.AnthropicMessages : WireApiKind.OpenAiChat;
        return ProblemResponse.WriteAsync(http, api, new Problem(ProblemKind.NotFound, $"There is no {http.Request.Method} {http.Request.Path}. The README lists what there is.", Code: "unknown_url"), http.RequestAborted);
    }
}
