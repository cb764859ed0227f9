using System.Text;
using Countersign.Gateway.Ledger.Journal;
using Microsoft.Data.Sqlite;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Writes finished requests with their attempts and verdicts from their rows (<see cref="SettledRows"/>).</summary>
internal sealed class SettleStatements(SqliteConnection connection) : IDisposable
{
    private readonly SqlitePrepared request = new(connection, """
        INSERT INTO requests (id, caller, caller_name, api, model, route, route_version, stream, started, duration, status, problem, ended, accepted,
            winner, winner_deployment, winner_purpose, repairs, escalated_to, cost, cost_complete, warnings, charged)
        VALUES ($id, $caller, $caller_name, $api, $model, $route, $route_version, $stream, $started, $duration, $status, $problem, $ended, $accepted,
            $winner, $winner_deployment, $winner_purpose, $repairs, $escalated_to, $cost, $cost_complete, $warnings, $charged)
        ON CONFLICT (id) DO NOTHING
        """);

    private readonly SqlitePrepared attempt = new(connection, """
        INSERT INTO attempts (number, deployment, provider, request_model, response_model, purpose, stage, started, time_to_first_token, duration, status, problem, finish_reason,
            input_tokens, cached_input_tokens, cache_write_tokens, long_cache_write_tokens, output_tokens, reasoning_tokens, cost, cost_complete, thinking, other_tokens, raw_usage, price_source, prompt_cache, request)
        VALUES ($number, $deployment, $provider, $request_model, $response_model, $purpose, $stage, $started, $time_to_first_token, $duration, $status, $problem, $finish_reason,
            $input_tokens, $cached_input_tokens, $cache_write_tokens, $long_cache_write_tokens, $output_tokens, $reasoning_tokens, $cost, $cost_complete, $thinking, $other_tokens, $raw_usage, $price_source, $prompt_cache, $request)
        """);

    private readonly SqlitePrepared verdict = new(connection, """
        INSERT INTO verdicts (number, attempt, validator, verdict, score, findings, mended, on_prefix, duration, request)
        VALUES ($number, $attempt, $validator, $verdict, $score, $findings, $mended, $on_prefix, $duration, $request)
        """);

    private readonly RowValue[] values = new RowValue[SettledRows.MostValues];

    /// <summary>Writes a request and charges its budgets; one that is there already stays as it is.</summary>
    public void Apply(ReadOnlySpan<byte> record, BudgetStatements budgets)
    {
        var rows = new RowReader(record);
        var charge = rows.TryRead(out _, values, out _) ? Charge.Of(values, record) : throw new InvalidDataException("A record of the ledger's journal is empty.");
        charge = budgets.Settle(charge);
        rows.TryRead(out _, values, out int count);
        values[count] = charge.Amount;
        if (request.Run(values.AsSpan(0, count + 1), record) == 0) return; // It came here before its process died, and its journal does not know.
        budgets.Charge(charge.Caller, charge.Route, charge.Day, charge.Amount);
        Apply(ref rows, SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle)); // RETURNING would make a temporary table for every row.
    }

    /// <summary>Writes attempts and verdicts of the request <paramref name="seq"/>.</summary>
    public void Apply(ref RowReader rows, long seq)
    {
        while (rows.TryRead(out byte kind, values, out int count))
        {
            values[count] = seq;
            (kind is SettledRows.Attempt ? attempt : verdict).Run(values.AsSpan(0, count + 1), rows.Record);
        }
    }

    public void Dispose()
    {
        request.Dispose();
        attempt.Dispose();
        verdict.Dispose();
    }
}

/// <summary>What a request is charged to whom.</summary>
/// <param name="Request">Its id.</param>
/// <param name="Caller">The caller's id.</param>
/// <param name="Route">The route, if one was taken.</param>
/// <param name="Day">The day that is charged.</param>
/// <param name="Amount">How much, in pico-dollars.</param>
/// <param name="IsKnown">Whether the amount is all that the request cost.</param>
internal readonly record struct Charge(string Request, string Caller, string? Route, string Day, long Amount, bool IsKnown)
{
    /// <summary>From the values of its row.</summary>
    public static Charge Of(ReadOnlySpan<RowValue> values, ReadOnlySpan<byte> record) =>
        new(TextOf(values[0], record)!, TextOf(values[1], record)!, TextOf(values[2], record), TextOf(values[3], record)!, values[4].Integer, values[5].Integer != 0);

    private static string? TextOf(in RowValue value, ReadOnlySpan<byte> record) => value.Kind is RowValueKind.Null ? null : Encoding.UTF8.GetString(value.Utf8(record));
}
