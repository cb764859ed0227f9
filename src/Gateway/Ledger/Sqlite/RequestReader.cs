using System.Text.Json;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Reads requests back with all that happened to them.</summary>
internal static class RequestReader
{
    private const string Request = """
        SELECT seq, id, caller, caller_name, api, model, route, route_version, stream, started, duration, status, problem, ended, accepted, winner, cost, cost_complete, warnings
        FROM requests WHERE id = $id
        """;

    private const string Attempts = """
        SELECT number, deployment, provider, request_model, response_model, purpose, stage, started, time_to_first_token, duration, status, problem, finish_reason,
            input_tokens, cached_input_tokens, cache_write_tokens, long_cache_write_tokens, output_tokens, reasoning_tokens, cost, cost_complete, thinking, other_tokens, raw_usage, price_source, prompt_cache
        FROM attempts WHERE request = $request ORDER BY number
        """;

    private const string Verdicts = """
        SELECT attempt, validator, verdict, score, findings, mended, on_prefix, duration FROM verdicts WHERE request = $request ORDER BY number
        """;

    private const string Outcomes = "SELECT number, at, success, score, source, note FROM outcomes WHERE request = $request ORDER BY number";

    private const string Audits = "SELECT number, at, auditor, success, score, note FROM audits WHERE request = $request ORDER BY number";

    /// <summary>The request named <paramref name="id"/>, or <c>null</c>.</summary>
    public static StoredRequest? Read(SqliteConnection connection, string id)
    {
        using var transaction = connection.BeginTransaction(deferred: true); // One state of the file for all that is read.
        using var statement = new SqliteStatement(connection, Request);
        using var row = statement.Rows(id);
        if (!row.Read()) return null;
        long seq = row.GetInt64(0);
        return ToRequest(row) with
        {
            Attempts = All(connection, Attempts, seq, ToAttempt),
            Verdicts = All(connection, Verdicts, seq, ToVerdict),
            Outcomes = All(connection, Outcomes, seq, ToOutcome),
            Audits = All(connection, Audits, seq, ToAudit),
        };
    }

    private static List<TRow> All<TRow>(SqliteConnection connection, string sql, long seq, Func<SqliteDataReader, TRow> read)
    {
        using var statement = new SqliteStatement(connection, sql);
        using var rows = statement.Rows(seq);
        List<TRow> all = [];
        while (rows.Read()) all.Add(read(rows));
        return all;
    }

    private static StoredRequest ToRequest(SqliteDataReader row) => new()
    {
        Id = row.GetString(1),
        Caller = row.GetString(2),
        CallerName = row.GetString(3),
        Api = row.Text(4),
        Model = row.GetString(5),
        Route = row.Text(6),
        RouteVersion = row.Text(7),
        Stream = row.GetBoolean(8),
        Started = row.Time(9),
        DurationMs = row.Milliseconds(10),
        Status = row.GetInt32(11),
        Problem = ToProblem(row.Text(12)),
        Ended = row.GetString(13),
        Accepted = row.GetBoolean(14),
        Winner = (int?)row.Long(15),
        Cost = ToCost(row, 16),
        Warnings = row.Text(18) is { } warnings ? JsonSerializer.Deserialize(warnings, LedgerJson.Default.IReadOnlyListString)! : [],
    };

    private static StoredAttempt ToAttempt(SqliteDataReader row) => new()
    {
        Number = row.GetInt32(0),
        Deployment = row.GetString(1),
        Provider = row.Text(2),
        RequestModel = row.Text(3),
        ResponseModel = row.Text(4),
        Purpose = row.GetString(5),
        Stage = row.GetInt32(6),
        Started = row.Time(7),
        TimeToFirstTokenMs = row.IsDBNull(8) ? null : row.Milliseconds(8),
        DurationMs = row.Milliseconds(9),
        Status = row.GetString(10),
        Problem = ToProblem(row.Text(11)),
        FinishReason = row.Text(12),
        Usage = ToUsage(row, 13, other: 22),
        RawUsage = row.Text(23) is { } raw ? JsonElement.Parse(raw) : null,
        Cost = ToCost(row, 19),
        PriceSource = row.Text(24),
        PromptCache = row.Text(25) is { } cache ? JsonSerializer.Deserialize(cache, LedgerJson.Default.StoredPromptCache) : null,
        Thinking = row.Text(21) is { } thinking ? JsonSerializer.Deserialize(thinking, LedgerJson.Default.StoredThinking) : null,
    };

    private static Usage? ToUsage(SqliteDataReader row, int first, int other)
    {
        var usage = new Usage
        {
            InputTokens = row.Long(first),
            CachedInputTokens = row.Long(first + 1),
            CacheWriteTokens = row.Long(first + 2),
            LongCacheWriteTokens = row.Long(first + 3),
            OutputTokens = row.Long(first + 4),
            ReasoningTokens = row.Long(first + 5),
            OtherTokens = row.Long(other),
        };
        return usage == new Usage() ? null : usage;
    }

    private static StoredVerdict ToVerdict(SqliteDataReader row) => new(
        row.GetInt32(0),
        row.GetString(1),
        row.GetString(2),
        row.Double(3),
        row.Text(4) is { } findings ? JsonSerializer.Deserialize(findings, LedgerJson.Default.IReadOnlyListFinding)! : [],
        row.GetBoolean(5),
        row.GetBoolean(6),
        row.Milliseconds(7));

    private static StoredOutcome ToOutcome(SqliteDataReader row) => new(row.GetInt32(0), row.Time(1), row.GetBoolean(2), row.Double(3), row.Text(4), row.Text(5));

    private static StoredAudit ToAudit(SqliteDataReader row) => new(row.GetInt32(0), row.Time(1), row.GetString(2), row.GetBoolean(3), row.Double(4), row.Text(5));

    private static StoredCost ToCost(SqliteDataReader row, int column) => new(row.Usd(column), row.GetBoolean(column + 1));

    private static Problem? ToProblem(string? json) => json is null ? null : JsonSerializer.Deserialize(json, LedgerJson.Default.Problem);
}
