using Countersign.Gateway.Configuration;
using Countersign.Gateway.Ledger.Reporting;
using Microsoft.Data.Sqlite;
using static Countersign.Gateway.Ledger.Sqlite.SqliteValues;

namespace Countersign.Gateway.Ledger.Sqlite;

/// <summary>Sums up requests. One pass over their rows, and one over those attempts that audits made or that list prices were charged for.</summary>
internal static class ReportReader
{
    private const string Outcomes = """
        count(*), sum(success AND basis = 'reported'), sum(success AND basis = 'audited'), sum(success AND basis = 'provisional'), count(success),
        sum(1e-12 * cost) FILTER (WHERE success IS NOT NULL), sum(1e-24 * cost * cost) FILTER (WHERE success IS NOT NULL), sum(1e-12 * cost * success),
        min(cost_complete) FILTER (WHERE success IS NOT NULL)
        """;

    // Money is summed in two parts, whole micro-dollars and the rest, because a 64-bit integer of pico-dollars ends at nine million dollars.
    private const string Counts = """
        sum(accepted AND winner_purpose = 'draft'), sum(repairs > 0), sum(escalated_to IS NOT NULL), sum(status >= 400 AND status <> 499), sum(status = 499),
        sum(cost / 1000000), sum(cost % 1000000), min(cost_complete)
        """;

    private const string Judged = """
        (SELECT *,
            coalesce(reported, audited, CASE WHEN status = 499 THEN NULL WHEN status >= 400 THEN 0 WHEN ended = 'accepted' THEN 1 WHEN ended = 'best_so_far' THEN 0
                WHEN ended = 'answered' AND winner_purpose = 'escalation' THEN 1 END) AS success,
            CASE WHEN reported IS NOT NULL THEN 'reported' WHEN audited IS NOT NULL THEN 'audited' ELSE 'provisional' END AS basis
        FROM requests WHERE started >= $since)
        """;

    private const string IsPlain = "winner_purpose = 'plain' OR (winner_purpose IS NULL AND route IS NULL)";

    /// <summary>Reads a report.</summary>
    public static Report Read(SqliteConnection connection, ReportQuery query)
    {
        using var transaction = connection.BeginTransaction(deferred: true); // One state of the file for all that is read.
        var reading = new Reading(connection, GroupOf(query.By), query.Since is { } first ? ToMicros(first) : long.MinValue);
        var (strongest, plain, audits, listed) = (reading.Strongest(), reading.Plain(), reading.Audits(), reading.ListPriced());
        foreach (var (name, asked) in audits.Keys) strongest.TryAdd(name, asked);
        var rows = reading.Rows().ConvertAll(row => row with
        {
            ListPriced = listed.GetValueOrDefault(row.Name),
            StrongOnly = strongest.TryGetValue(row.Name, out string? strong) ? StrongOnly(strong, plain.GetValueOrDefault(strong), audits.GetValueOrDefault((row.Name, strong))) : null,
        });
        return new Report(query.By, query.Since, rows, reading.Total() with { ListPriced = listed.Values.Sum() });
    }

    private static string GroupOf(ReportBy by) => by switch
    {
        ReportBy.Route => "coalesce(route, model)",
        ReportBy.Deployment => "coalesce(winner_deployment, '(no answer)')",
        ReportBy.Caller => "caller_name || ' (' || caller || ')'",
        _ => "date(started / 1000000, 'unixepoch')",
    };

    private static StrongOnly? StrongOnly(string deployment, OutcomeSums? plain, OutcomeSums? audits)
    {
        if ((plain is { } alone && audits is { } asked ? alone + asked : plain ?? audits) is not { } sums) return null;
        return new StrongOnly(deployment, sums.Requests, audits?.Requests ?? 0, sums.Successes, sums.CostPerSuccess);
    }

    private sealed record Reading(SqliteConnection Connection, string Group, long Since)
    {
        public List<ReportRow> Rows() => [.. Read($"SELECT {Group} AS name, {Outcomes}, {Counts} FROM {Judged} GROUP BY name ORDER BY name", ToRow)];

        public ReportRow Total() => Read($"SELECT 'total', {Outcomes}, {Counts} FROM {Judged}", ToRow).Single();

        /// <summary>For each group the deployment to which it escalates most.</summary>
        public Dictionary<string, string> Strongest()
        {
            string sql = $"SELECT {Group} AS name, escalated_to FROM {Judged} WHERE escalated_to IS NOT NULL GROUP BY name, escalated_to ORDER BY count(*)";
            Dictionary<string, string> strongest = [];
            foreach (var (name, deployment) in Read(sql, row => (row.GetString(0), row.GetString(1)))) strongest[name] = deployment;
            return strongest;
        }

        /// <summary>Plain requests, by deployment.</summary>
        public Dictionary<string, OutcomeSums?> Plain() =>
            Read($"SELECT coalesce(winner_deployment, model) AS name, {Outcomes} FROM {Judged} WHERE {IsPlain} GROUP BY name", row => (Name: row.GetString(0), Sums: ToSums(row, 1)))
                .ToDictionary(group => group.Name, group => (OutcomeSums?)group.Sums);

        /// <summary>The auditors' own answers, by group and deployment.</summary>
        public Dictionary<(string Name, string Deployment), OutcomeSums?> Audits() =>
            Read($"""
                SELECT name, asked, {Outcomes} FROM
                    (SELECT {Group} AS name, asked, asked_cost AS cost, asked_complete AS cost_complete, CASE WHEN reported IS NULL THEN 1 ELSE reported = audited END AS success,
                        CASE WHEN reported IS NULL THEN 'provisional' ELSE 'reported' END AS basis
                    FROM requests JOIN (SELECT request, deployment AS asked, cost AS asked_cost, cost_complete AS asked_complete FROM attempts WHERE purpose = 'audit' AND status = 'completed') ON request = seq
                    WHERE started >= $since)
                GROUP BY name, asked ORDER BY count(*) DESC
                """, row => (Key: (row.GetString(0), row.GetString(1)), Sums: ToSums(row, 2)))
                .ToDictionary(group => group.Key, group => (OutcomeSums?)group.Sums);

        /// <summary>The money that was charged at the catalogue's prices, by group.</summary>
        public Dictionary<string, decimal> ListPriced() =>
            Read($"""
                SELECT {Group} AS name, sum(listed / 1000000), sum(listed % 1000000)
                FROM requests JOIN (SELECT request, cost AS listed FROM attempts WHERE price_source LIKE '{CataloguePrices.SourcePrefix}%') ON request = seq
                WHERE started >= $since GROUP BY name
                """, row => (Name: row.GetString(0), Usd: ToUsd(row.Long(1), row.Long(2))))
                .ToDictionary(group => group.Name, group => group.Usd);

        private IEnumerable<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
        {
            using var statement = new SqliteStatement(Connection, sql);
            using var rows = statement.Rows(Since);
            while (rows.Read()) yield return read(rows);
        }
    }

    private static ReportRow ToRow(SqliteDataReader row)
    {
        var sums = ToSums(row, 1);
        return new()
        {
            Name = row.GetString(0),
            Requests = sums.Requests,
            AcceptedDrafts = row.Long(10) ?? 0,
            Repaired = row.Long(11) ?? 0,
            Escalated = row.Long(12) ?? 0,
            Failed = row.Long(13) ?? 0,
            Cancelled = row.Long(14) ?? 0,
            Cost = ToCost(row.Long(15), row.Long(16), isComplete: row.Long(17) is not 0),
            Successes = sums.Successes,
            CostPerSuccess = sums.CostPerSuccess,
        };
    }

    private static OutcomeSums ToSums(SqliteDataReader row, int first) => new(
        row.GetInt64(first),
        new SuccessCount(row.Long(first + 1) ?? 0, row.Long(first + 2) ?? 0, row.Long(first + 3) ?? 0, row.GetInt64(first + 4)),
        row.Double(first + 5),
        row.Double(first + 6) ?? 0,
        row.Double(first + 7) ?? 0,
        row.Long(first + 8) is not 0);

    private static StoredCost ToCost(long? micros, long? rest, bool isComplete) => new(micros is null && !isComplete ? null : ToUsd(micros, rest), isComplete);

    private static decimal ToUsd(long? micros, long? rest) => ((micros ?? 0) / 1_000_000m) + SqliteValues.ToUsd(rest ?? 0);
}
