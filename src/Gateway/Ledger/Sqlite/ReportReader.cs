using Countersign.Gateway.Ledger.Reporting;
using Microsoft.Data.Sqlite;
using static Countersign.Gateway.Ledger.Sqlite.SqliteValues;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Sums up requests. One pass over their rows; attempts need not be read.</summary>
internal static class ReportReader
{
    // Money is summed in two parts, whole micro-dollars and the rest, because a 64-bit integer of pico-dollars ends at nine million dollars.
    private const string Sums = """
        count(*), sum(accepted AND winner_purpose = 'draft'), sum(repairs > 0), sum(escalated_to IS NOT NULL), sum(status >= 400 AND status <> 499), sum(status = 499),
        sum(cost / 1000000), sum(cost % 1000000), min(cost_complete),
        sum(success AND basis = 'reported'), sum(success AND basis = 'audited'), sum(success AND basis = 'provisional'), count(success),
        sum(1e-12 * cost) FILTER (WHERE success IS NOT NULL), sum(1e-24 * cost * cost) FILTER (WHERE success IS NOT NULL), sum(1e-12 * cost * success),
        min(cost_complete) FILTER (WHERE success IS NOT NULL)
        """;

    private const string Judged = """
        (SELECT *,
            coalesce(reported, audited, CASE WHEN status = 499 THEN NULL WHEN status >= 400 THEN 0 WHEN ended = 'accepted' THEN 1 WHEN ended = 'best_so_far' THEN 0 END) AS success,
            CASE WHEN reported IS NOT NULL THEN 'reported' WHEN audited IS NOT NULL THEN 'audited' ELSE 'provisional' END AS basis
        FROM requests WHERE started >= $since)
        """;

    private const string IsPlain = "winner_purpose = 'plain' OR (winner_purpose IS NULL AND route IS NULL)";

    /// <summary>Reads a report.</summary>
    public static Report Read(SqliteConnection connection, ReportQuery query)
    {
        using var transaction = connection.BeginTransaction(deferred: true); // One state of the file for all that is read.
        long since = query.Since is { } first ? ToMicros(first) : long.MinValue;
        string group = GroupOf(query.By);
        var strongest = ReadStrongest(connection, group, since);
        var plain = ReadRows(connection, $"SELECT coalesce(winner_deployment, model) AS name, {Sums} FROM {Judged} WHERE {IsPlain} GROUP BY name", since).ToDictionary(row => row.Name);
        var rows = ReadRows(connection, $"SELECT {group} AS name, {Sums} FROM {Judged} GROUP BY name ORDER BY name", since).ConvertAll(row => WithStrong(row, strongest, plain));
        var total = ReadRows(connection, $"SELECT 'total', {Sums} FROM {Judged}", since)[0];
        return new Report(query.By, query.Since, rows, total);
    }

    private static string GroupOf(ReportBy by) => by switch
    {
        ReportBy.Route => "coalesce(route, model)",
        ReportBy.Deployment => "coalesce(winner_deployment, '(no answer)')",
        ReportBy.Caller => "caller_name || ' (' || caller || ')'",
        _ => "date(started / 1000000, 'unixepoch')",
    };

    /// <summary>For each group the deployment to which it escalates most.</summary>
    private static Dictionary<string, string> ReadStrongest(SqliteConnection connection, string group, long since)
    {
        using var statement = new SqliteStatement(connection, $"SELECT {group} AS name, escalated_to FROM {Judged} WHERE escalated_to IS NOT NULL GROUP BY name, escalated_to ORDER BY count(*)");
        using var rows = statement.Rows(since);
        Dictionary<string, string> strongest = [];
        while (rows.Read()) strongest[rows.GetString(0)] = rows.GetString(1);
        return strongest;
    }

    private static ReportRow WithStrong(ReportRow row, Dictionary<string, string> strongest, Dictionary<string, ReportRow> plain) =>
        strongest.TryGetValue(row.Name, out string? strong) && plain.TryGetValue(strong, out var alone)
            ? row with { StrongOnly = new StrongOnly(strong, alone.Requests, alone.Successes, alone.CostPerSuccess) }
            : row;

    private static List<ReportRow> ReadRows(SqliteConnection connection, string sql, long since)
    {
        using var statement = new SqliteStatement(connection, sql);
        using var rows = statement.Rows(since);
        List<ReportRow> all = [];
        while (rows.Read()) all.Add(ToRow(rows));
        return all;
    }

    private static ReportRow ToRow(SqliteDataReader row) => new()
    {
        Name = row.GetString(0),
        Requests = row.GetInt64(1),
        AcceptedDrafts = row.Long(2) ?? 0,
        Repaired = row.Long(3) ?? 0,
        Escalated = row.Long(4) ?? 0,
        Failed = row.Long(5) ?? 0,
        Cancelled = row.Long(6) ?? 0,
        Cost = ToCost(row.Long(7), row.Long(8), isComplete: row.Long(9) is not 0),
        Successes = new SuccessCount(row.Long(10) ?? 0, row.Long(11) ?? 0, row.Long(12) ?? 0, row.GetInt64(13)),
        CostPerSuccess = ToCostPerSuccess(row),
    };

    private static StoredCost ToCost(long? micros, long? rest, bool isComplete) =>
        new(micros is null && !isComplete ? null : ((micros ?? 0) / 1_000_000m) + ToUsd(rest ?? 0), isComplete);

    private static CostPerSuccess? ToCostPerSuccess(SqliteDataReader row)
    {
        long known = row.GetInt64(13);
        if (known == 0) return null;
        bool isComplete = row.Long(17) is not 0;
        if (row.Double(14) is not { } costs) return new CostPerSuccess(null, null, null, isComplete);
        double successes = (row.Long(10) ?? 0) + (row.Long(11) ?? 0) + (row.Long(12) ?? 0);
        var ratio = new RatioOfMeans(known, costs, successes, row.Double(15) ?? 0, row.Double(16) ?? 0);
        var interval = ratio.Interval();
        return new CostPerSuccess(ratio.Value, interval?.Low, interval?.High, isComplete);
    }
}
