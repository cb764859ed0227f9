using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Sqlite;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Endpoints;

/// <summary><c>GET /v1/requests/{id}</c>: all that happened to a finished request of the caller's: attempts, verdicts, money.</summary>
internal sealed class RequestsEndpoint(ApiEndpoint api, SqliteLedger ledger)
{
    public Task RunAsync(HttpContext http) => api.RunAsync(http, async (caller, _) =>
        await JsonResponse.SendAsync(http, await ledger.GetRequestAsync((string)http.Request.RouteValues["id"]!, caller, http.RequestAborted), LedgerJson.Default.StoredRequest));
}
