using System.Text.Json;
using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Problems;
using Microsoft.AspNetCore.Http;

namespace Countersign.Gateway.Endpoints;

/// <summary><c>POST /v1/outcomes</c>: what became of a finished request of the caller's. A later report corrects an earlier one, which is kept as history.</summary>
internal sealed class OutcomesEndpoint(ApiEndpoint api, SqliteLedger ledger)
{
    private const int MaxBytes = 64 * 1024;

    public Task RunAsync(HttpContext http) => api.RunAsync(http, async (caller, _) =>
    {
        using var body = await RequestBody.ReadAsync(http.Request, MaxBytes, http.RequestAborted);
        var recorded = await ledger.RecordOutcomeAsync(Read(body.Bytes.Span, http.Request), caller);
        await JsonResponse.SendAsync(http, recorded, LedgerJson.Default.StoredOutcome, 201);
    });

    private static Outcome Read(ReadOnlySpan<byte> body, HttpRequest request)
    {
        try
        {
            var outcome = JsonSerializer.Deserialize(body, LedgerJson.Default.Outcome) ?? throw ProblemException.Invalid("The body must be a JSON object with request_id and success.");
            return request.Headers["idempotency-key"].ToString() is { Length: > 0 } key && outcome.IdempotencyKey is null ? outcome with { IdempotencyKey = key } : outcome;
        }
        catch (JsonException exception)
        {
            throw ProblemException.Invalid($"The body is not a JSON object with request_id (text) and success (true or false): {exception.Message}", exception.Path?.TrimStart('$', '.'));
        }
    }
}
