using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Endpoints;

/// <summary><c>POST /v1/messages/count_tokens</c>: how many input tokens a request would have. The named deployment's upstream counts, of a route the first draft's;
/// where that cannot, the answer is an error, never a guess. Costs nothing and leaves no row in the ledger.</summary>
internal sealed class CountTokensEndpoint(ApiEndpoint api, SnapshotSource snapshots)
{
    public Task RunAsync(HttpContext http) => api.RunAsync(http, async (caller, _) =>
    {
        var snapshot = snapshots.Current;
        using var body = await RequestBody.ReadAsync(http.Request, snapshot.Configuration.Server.MaxBodyBytes, http.RequestAborted);
        var request = WireRequestScanner.Scan(WireApiKind.AnthropicMessages, body.Bytes, http.Request.Headers["anthropic-beta"].ToString() is { Length: > 0 } betas ? betas : null);
        string target = snapshot.PlanFor(request.Model, caller).Route.Draft.Deployments[0];
        await foreach (var chatEvent in snapshot.Dispatcher.CountTokensAsync(request, target, http.RequestAborted)) await PassOnAsync(http, chatEvent);
    }, WireApiKind.AnthropicMessages);

    private static async Task PassOnAsync(HttpContext http, ChatEvent chatEvent)
    {
        if (chatEvent is AttemptFailed failed) throw new ProblemException(failed.Problem);
        var counted = (WireFrames)chatEvent;
        http.Response.ContentType = "application/json";
        http.Response.ContentLength = counted.Bytes.Length;
        await http.Response.BodyWriter.WriteAsync(counted.Bytes, http.RequestAborted);
    }
}
