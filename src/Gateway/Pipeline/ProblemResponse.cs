using System.Globalization;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Pipeline;

/// <summary>Answers with an error in the shape of the client's API.</summary>
internal static class ProblemResponse
{
    /// <summary>Sends status and body.</summary>
    public static async Task WriteAsync(HttpContext http, WireApiKind api, Problem problem, CancellationToken cancellationToken)
    {
        using var body = new PooledBuffer();
        WireApi.For(api).WriteProblem(problem, body);
        var response = http.Response;
        response.StatusCode = WireApi.StatusOf(problem.Kind);
        response.ContentType = "application/json";
        response.ContentLength = body.Written.Length;
        if (problem.RetryAfter is { } wait) response.Headers.RetryAfter = Math.Ceiling(Math.Max(wait.TotalSeconds, 1)).ToString(CultureInfo.InvariantCulture);
        await response.BodyWriter.WriteAsync(body.Written, cancellationToken);
    }
}
