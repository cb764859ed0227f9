using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Gateway.Pipeline;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Endpoints;

/// <summary><c>POST /v1/outcomes</c>: what became of a finished request of the caller's. A later report corrects an earlier one, which is kept as history.</summary>
internal sealed class OutcomesEndpoint(ApiEndpoint api, SnapshotSource snapshots, SqliteLedger ledger)
{
    public Task RunAsync(HttpContext http) => api.RunAsync(http, async (caller, _) =>
    {
        using var body = await RequestBody.ReadAsync(http.Request, snapshots.Current.Configuration.Server.MaxBodyBytes, http.RequestAborted);
        var recorded = await ledger.RecordOutcomeAsync(WithKey(OutcomeReader.Read(body.Bytes), http.Request), caller);
        await JsonResponse.SendAsync(http, recorded, LedgerJson.Default.StoredOutcome, 201);
    });

    private static Outcome WithKey(Outcome outcome, HttpRequest request) =>
        request.Headers["idempotency-key"].ToString() is { Length: > 0 } key && outcome.IdempotencyKey is null ? outcome with { IdempotencyKey = key } : outcome;
}
