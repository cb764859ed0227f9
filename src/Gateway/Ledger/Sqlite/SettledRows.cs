using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Ledger.Journal;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using static Countersign.Gateway.Ledger.Sqlite.SqliteValues;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>A finished request as rows, in the order of <see cref="SettleStatements"/>' parameters: what it is charged, then its row, then its attempts' and verdicts'.</summary>
internal static class SettledRows
{
    public const byte Charge = 1, Request = 2, Attempt = 3, Verdict = 4;

    /// <summary>The most values that a row has here, and room for those that are known only when it is written.</summary>
    public const int MostValues = 32;

    /// <summary>Most attempts' prompt cache: known, and without effect.</summary>
    private static readonly string NothingSaved = JsonSerializer.Serialize(new StoredPromptCache([], false, 0), LedgerJson.Default.StoredPromptCache);

    public static void Write(FinishedRequest finished, RowBuffer rows)
    {
        var (trace, cost) = (finished.Trace, finished.Trace.TotalCost);
        rows.Add(Charge, finished.Id, finished.Caller.Id, finished.Route, ToDay(finished.Started), ToPico(cost.Usd), cost.IsComplete);
        WriteRequest(finished, rows);
        foreach (var made in trace.Attempts) WriteAttempt(made.Number, made, rows);
        int number = 0;
        foreach (var fell in trace.Verdicts) WriteVerdict(++number, fell, rows);
    }

    /// <summary>An attempt as number <paramref name="number"/> of its request.</summary>
    public static void WriteAttempt(long number, AttemptRecord made, RowBuffer rows)
    {
        var usage = made.Usage;
        rows.Add(Attempt, number, made.Deployment, made.Provider, made.RequestModel, made.ResponseModel, Words<AttemptPurpose>.Of(made.Purpose), made.Stage,
            ToMicros(made.Started), made.TimeToFirstToken is { } first ? ToMicros(first) : default(long?), ToMicros(made.Duration), Words<AttemptStatus>.Of(made.Status), Json(made.Problem),
            Words<FinishReason>.Of(made.FinishReason), usage?.InputTokens, usage?.CachedInputTokens, usage?.CacheWriteTokens, usage?.LongCacheWriteTokens,
            usage?.OutputTokens, usage?.ReasoningTokens, Known(made.Cost), made.Cost.IsComplete, Json(made.Thinking), usage?.OtherTokens, made.RawUsage, made.PriceSource, Json(StoredPromptCache.Of(made)));
    }

    private static void WriteRequest(FinishedRequest finished, RowBuffer rows)
    {
        var (trace, cost, attempts) = (finished.Trace, finished.Trace.TotalCost, finished.Trace.Attempts);
        rows.Add(Request, finished.Id, finished.Caller.Id, finished.Caller.Name, Words<WireApiKind>.Of(finished.Api), finished.Model, finished.Route, finished.RouteVersion,
            finished.Stream, ToMicros(finished.Started), ToMicros(finished.Duration), finished.Status, Json(finished.Problem), Words<CascadeEnd>.Of(trace.End), trace.Accepted,
            trace.Winner?.Number, trace.Winner?.Deployment, Words<AttemptPurpose>.Of(trace.Winner?.Purpose), attempts.Count(made => made.Purpose == AttemptPurpose.Repair),
            attempts.LastOrDefault(made => made.Purpose == AttemptPurpose.Escalation)?.Deployment, Known(cost), cost.IsComplete,
            trace.Warnings is { Count: > 0 } warnings ? JsonSerializer.Serialize(warnings, LedgerJson.Default.IReadOnlyListString) : null);
    }

    private static void WriteVerdict(int number, VerdictRecord fell, RowBuffer rows) =>
        rows.Add(Verdict, number, fell.Attempt, fell.Validator, Words<VerdictKind>.Of(fell.Verdict.Kind), fell.Verdict.Score,
            fell.Verdict.Findings is { Count: > 0 } findings ? JsonSerializer.Serialize(findings, LedgerJson.Default.IReadOnlyListFinding) : null,
            fell.Verdict.Mended is not null, fell.OnPrefix, ToMicros(fell.Duration));

    private static string? Json(AppliedThinking? thinking) => thinking is null ? null : JsonSerializer.Serialize(StoredThinking.Of(thinking), LedgerJson.Default.StoredThinking);

    private static string? Json(StoredPromptCache? cache) => cache switch
    {
        null => null,
        { Marked.Count: 0, Key: false, SavedUsd: 0 } => NothingSaved,
        _ => JsonSerializer.Serialize(cache, LedgerJson.Default.StoredPromptCache),
    };

    private static string? Json(Problem? problem) => problem is null ? null : JsonSerializer.Serialize(problem, LedgerJson.Default.Problem);
}
