using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.Data.Sqlite;
using static Countersign.Gateway.Ledger.Sqlite.SqliteValues;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Writes finished requests with their attempts and verdicts.</summary>
internal sealed class SettleStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqlitePrepared request = new(connection, """
        INSERT INTO requests (id, caller, caller_name, api, model, route, route_version, stream, started, duration, status, problem, ended, accepted,
            winner, winner_deployment, winner_purpose, repairs, escalated_to, cost, cost_complete, charged, warnings)
        VALUES ($id, $caller, $caller_name, $api, $model, $route, $route_version, $stream, $started, $duration, $status, $problem, $ended, $accepted,
            $winner, $winner_deployment, $winner_purpose, $repairs, $escalated_to, $cost, $cost_complete, $charged, $warnings)
        """);

    private readonly SqlitePrepared attempt = new(connection, """
        INSERT INTO attempts (request, number, deployment, provider, request_model, response_model, purpose, stage, started, time_to_first_token, duration, status, problem, finish_reason,
            input_tokens, cached_input_tokens, cache_write_tokens, long_cache_write_tokens, output_tokens, reasoning_tokens, cost, cost_complete, thinking, other_tokens, raw_usage, price_source, prompt_cache)
        VALUES ($request, $number, $deployment, $provider, $request_model, $response_model, $purpose, $stage, $started, $time_to_first_token, $duration, $status, $problem, $finish_reason,
            $input_tokens, $cached_input_tokens, $cache_write_tokens, $long_cache_write_tokens, $output_tokens, $reasoning_tokens, $cost, $cost_complete, $thinking, $other_tokens, $raw_usage, $price_source, $prompt_cache)
        """);

    private readonly SqlitePrepared verdict = new(connection, """
        INSERT INTO verdicts (request, number, attempt, validator, verdict, score, findings, mended, on_prefix, duration)
        VALUES ($request, $number, $attempt, $validator, $verdict, $score, $findings, $mended, $on_prefix, $duration)
        """);

    /// <summary>Writes a request; <paramref name="charged"/> is what its budgets were charged, in pico-dollars.</summary>
    public void Write(FinishedRequest finished, long charged)
    {
        var attempts = finished.Trace.Attempts;
        long seq = WriteRequest(finished, attempts, charged);
        foreach (var made in attempts) WriteAttempt(seq, made.Number, made);
        int number = 0;
        foreach (var fell in finished.Trace.Verdicts) WriteVerdict(seq, ++number, fell);
    }

    /// <summary>Writes an attempt as number <paramref name="number"/> of a request.</summary>
    public void WriteAttempt(long seq, long number, AttemptRecord made)
    {
        var usage = made.Usage;
        attempt.Run(seq, number, made.Deployment, made.Provider, made.RequestModel, made.ResponseModel, Words<AttemptPurpose>.Of(made.Purpose), made.Stage,
            ToMicros(made.Started), made.TimeToFirstToken is { } first ? ToMicros(first) : null, ToMicros(made.Duration), Words<AttemptStatus>.Of(made.Status), Json(made.Problem),
            Words<Protocol.Chat.FinishReason>.Of(made.FinishReason), usage?.InputTokens, usage?.CachedInputTokens, usage?.CacheWriteTokens, usage?.LongCacheWriteTokens,
            usage?.OutputTokens, usage?.ReasoningTokens, Known(made.Cost), made.Cost.IsComplete, Json(made.Thinking), usage?.OtherTokens, made.RawUsage, made.PriceSource, Json(StoredPromptCache.Of(made)));
    }

    public void Dispose()
    {
        request.Dispose();
        attempt.Dispose();
        verdict.Dispose();
    }

    private long WriteRequest(FinishedRequest finished, IReadOnlyList<AttemptRecord> attempts, long charged)
    {
        var (trace, cost) = (finished.Trace, finished.Trace.TotalCost);
        request.Run(finished.Id, finished.Caller.Id, finished.Caller.Name, Words<WireApiKind>.Of(finished.Api), finished.Model, finished.Route, finished.RouteVersion,
            finished.Stream, ToMicros(finished.Started), ToMicros(finished.Duration), finished.Status, Json(finished.Problem), Words<CascadeEnd>.Of(trace.End), trace.Accepted,
            trace.Winner?.Number, trace.Winner?.Deployment, Words<AttemptPurpose>.Of(trace.Winner?.Purpose), attempts.Count(made => made.Purpose == AttemptPurpose.Repair),
            attempts.LastOrDefault(made => made.Purpose == AttemptPurpose.Escalation)?.Deployment, Known(cost), cost.IsComplete, charged,
            trace.Warnings is { Count: > 0 } warnings ? JsonSerializer.Serialize(warnings, LedgerJson.Default.IReadOnlyListString) : null);
        return SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle); // RETURNING would make a temporary table for every row.
    }

    private void WriteVerdict(long seq, int number, VerdictRecord fell) =>
        verdict.Run(seq, number, fell.Attempt, fell.Validator, Words<VerdictKind>.Of(fell.Verdict.Kind), fell.Verdict.Score,
            fell.Verdict.Findings is { Count: > 0 } findings ? JsonSerializer.Serialize(findings, LedgerJson.Default.IReadOnlyListFinding) : null,
            fell.Verdict.Mended is not null, fell.OnPrefix, ToMicros(fell.Duration));

    private static string? Json(AppliedThinking? thinking) => thinking is null ? null : JsonSerializer.Serialize(StoredThinking.Of(thinking), LedgerJson.Default.StoredThinking);

    private static string? Json(StoredPromptCache? cache) => cache is null ? null : JsonSerializer.Serialize(cache, LedgerJson.Default.StoredPromptCache);

    private static string? Json(Problem? problem) => problem is null ? null : JsonSerializer.Serialize(problem, LedgerJson.Default.Problem);
}
