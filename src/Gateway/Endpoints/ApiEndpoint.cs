using Countersign.Gateway.Access;
using Countersign.Gateway.Pipeline;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Endpoints;

/// <summary>What all endpoints beside the chat APIs share: an id, the key check, and errors in the API's shape.</summary>
internal sealed class ApiEndpoint(SnapshotSource snapshots, AccessControl access, GatewayMetrics metrics, TimeProvider time, ILogger<ApiEndpoint> log)
{
    /// <summary>Runs <paramref name="answer"/> for a caller whose key is good; errors are in <paramref name="shape"/>.</summary>
    public async Task RunAsync(HttpContext http, Func<Caller, string, Task> answer, WireApiKind shape = WireApiKind.OpenAiChat)
    {
        await SocketThreads.HopAsync(); // Most of them read the ledger.
        string id = Arrival.Of(http, time).Id;
        try
        {
            await answer(access.Authenticate(http.Request.Headers, snapshots.Current.Keys), id);
        }
        catch (ProblemException refused)
        {
            metrics.Refuse(refused.Problem.Kind);
            await ProblemResponse.WriteAsync(http, shape, refused.Problem, http.RequestAborted);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client left.
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            log.EndpointBroke(http.Request.Path, id, exception);
            await ProblemResponse.WriteAsync(http, shape, new Problem(ProblemKind.Internal, $"The gateway failed to answer; its log has more under {id}."), http.RequestAborted);
        }
    }
}
