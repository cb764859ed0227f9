using Countersign.Cascade.Money;
using Countersign.Gateway.Access;
using Countersign.Gateway.Ledger.Journal;
using Countersign.Protocol.Problems;
using Microsoft.Data.Sqlite;
using static Countersign.Gateway.Ledger.Sqlite.SqliteValues;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Writes outcomes and audits. Both are kept in full; the request's row says which holds.</summary>
internal sealed class OutcomeStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqliteStatement find = new(connection, "SELECT seq, caller, route FROM requests WHERE id = $id");

    private readonly SqliteStatement earlier = new(connection, """
        SELECT request, number, at, success, score, source, note FROM outcomes WHERE caller = $caller AND idempotency_key = $key
        """);

    private readonly SqliteStatement addOutcome = new(connection, """
        INSERT INTO outcomes (request, number, at, caller, success, score, source, note, idempotency_key)
        SELECT $request, 1 + coalesce(max(number), 0), $at, $caller, $success, $score, $source, $note, $key FROM outcomes WHERE request = $request
        RETURNING number
        """);

    private readonly SqliteStatement addAudit = new(connection, """
        INSERT INTO audits (request, number, at, auditor, success, score, note)
        SELECT $request, 1 + coalesce(max(number), 0), $at, $auditor, $success, $score, $note FROM audits WHERE request = $request
        """);

    private readonly SqliteStatement report = new(connection, "UPDATE requests SET reported = $success WHERE seq = $seq");

    private readonly SqliteStatement audit = new(connection, """
        UPDATE requests SET audited = $success, cost = CASE WHEN $known IS NULL THEN cost ELSE coalesce(cost, 0) + $known END, cost_complete = cost_complete AND $complete, charged = charged + $charged
        WHERE seq = $seq
        """);

    private readonly SqliteStatement lastAttempt = new(connection, "SELECT max(number) FROM attempts WHERE request = $request");

    /// <summary>Records an outcome; or the same one as before, where the idempotency key was already used for it.</summary>
    /// <returns>The outcome, or why it cannot be recorded.</returns>
    public (StoredOutcome? Outcome, Problem? Problem) Report(Outcome outcome, Caller caller, DateTimeOffset at)
    {
        if (Find(outcome.RequestId) is not { } request || (request.Caller != caller.Id && !caller.IsAdmin)) return (null, NoRequest.Of(outcome.RequestId, "request_id"));
        if (outcome.IdempotencyKey is { } key && Earlier(caller.Id, key) is var (seq, stored))
        {
            bool same = seq == request.Seq && (stored.Success, stored.Score, stored.Source, stored.Note) == (outcome.Success, outcome.Score, outcome.Source, outcome.Note);
            return same ? (stored, null) : (null, new Problem(ProblemKind.InvalidRequest, "The idempotency key was used for a different outcome. A correction needs a key of its own, or none.", "idempotency_key", "idempotency_key_reused"));
        }

        long number = (long)addOutcome.Value(request.Seq, ToMicros(at), caller.Id, outcome.Success, outcome.Score, outcome.Source, outcome.Note, outcome.IdempotencyKey)!;
        report.Run(outcome.Success, request.Seq);
        return (new StoredOutcome((int)number, ToTime(ToMicros(at)), outcome.Success, outcome.Score, outcome.Source, outcome.Note), null);
    }

    /// <summary>Records an audit and bills what it took. Returns why it cannot be recorded, or <c>null</c>.</summary>
    public Problem? Record(Audit made, SettleStatements settle, BudgetStatements budgets, DateTimeOffset at)
    {
        if (Find(made.RequestId) is not { } request) return NoRequest.Of(made.RequestId, "request_id");
        long number = lastAttempt.Value(request.Seq) as long? ?? 0;
        using var rows = new RowBuffer();
        foreach (var attempt in made.Attempts) SettledRows.WriteAttempt(++number, attempt, rows);
        var written = new RowReader(rows.Rows);
        settle.Apply(ref written, request.Seq);
        var cost = made.Attempts.Aggregate(Cost.Zero, (sum, attempt) => sum + attempt.Cost);
        addAudit.Run(request.Seq, ToMicros(at), made.Auditor, made.Success, made.Score, made.Note);
        audit.Run(made.Success, Known(cost), cost.IsComplete, ToPico(cost.Usd), request.Seq);
        budgets.Charge(request.Caller, request.Route, ToDay(at), ToPico(cost.Usd));
        return null;
    }

    public void Dispose()
    {
        foreach (var statement in (SqliteStatement[])[find, earlier, addOutcome, addAudit, report, audit, lastAttempt]) statement.Dispose();
    }

    private (long Seq, string Caller, string? Route)? Find(string id)
    {
        using var row = find.Rows(id);
        return row.Read() ? (row.GetInt64(0), row.GetString(1), row.Text(2)) : null;
    }

    private (long Seq, StoredOutcome Outcome)? Earlier(string caller, string key)
    {
        using var row = earlier.Rows(caller, key);
        return row.Read() ? (row.GetInt64(0), new StoredOutcome(row.GetInt32(1), row.Time(2), row.GetBoolean(3), row.Double(4), row.Text(5), row.Text(6))) : null;
    }
}

/// <summary>What is said of a request that is not there, or not this caller's: the two must not be told apart.</summary>
internal static class NoRequest
{
    public static Problem Of(string id, string param) =>
        new(ProblemKind.NotFound, $"There is no request '{id}' of this key. The id is in the response header x-countersign-request-id.", param, "request_not_found");
}
