using System.Globalization;
using Countersign.Gateway.Ledger;
using Countersign.Gateway.Ledger.Reporting;

namespace Countersign.Cli.Reports;

/// <summary>A report's figures as a person reads them.</summary>
internal static class ReportText
{
    private const int BarWidth = 10;

    /// <summary>The headings of <see cref="Cells"/>.</summary>
    public static IReadOnlyList<string> Headings(ReportBy by) =>
        [by.ToString().ToLowerInvariant(), "requests", "accepted drafts", "repaired", "escalated", "failed", "successes", "money", "per success (95 %)", "strong model only"];

    /// <summary>A row's cells.</summary>
    public static IReadOnlyList<string> Cells(ReportRow row, bool withBar) =>
    [
        row.Name,
        Number(row.Requests),
        withBar ? $"{Bar(row.AcceptedDrafts, row.Requests)} {Number(row.AcceptedDrafts)}" : Number(row.AcceptedDrafts),
        Number(row.Repaired),
        Number(row.Escalated),
        Number(row.Failed),
        Successes(row.Successes),
        Money(row),
        PerSuccess(row.CostPerSuccess),
        row.StrongOnly is { } strong ? $"{PerSuccess(strong.CostPerSuccess)} {strong.Deployment}, {Number(strong.Requests)} requests{(strong.Audits > 0 ? $", {Number(strong.Audits)} in audits" : "")}" : "-",
    ];

    /// <summary>What the words of the table mean.</summary>
    public const string Legend = """
        successes: all of those known (r reported by the caller, a audited, p provisional: the validators' word, or the strong stage's); "-" where no outcome is known.
        money: every attempt, also rejected and failed ones; "at least" where a price or count is unknown; "list" what was charged at the catalogue's prices, as the file declares none.
        per success: the money of all requests of known outcome per success, with Fieller's 95 % interval where all of it is known and there is enough to say.
        strong model only: in the same time, plain requests to the deployment to which the group escalates most, and its own answers in audits.
        """;

    private static string Successes(SuccessCount count) => count.Known == 0 ? "-" : $"{Number(count.Total)} of {Number(count.Known)} (r {count.Reported}, a {count.Audited}, p {count.Provisional})";

    private static string Money(ReportRow row)
    {
        if (row.Cost.Usd is not { } usd) return "unknown";
        string listed = row.ListPriced == 0 ? "" : row.ListPriced == usd ? " (list)" : $" ({Dollars.Text((double)row.ListPriced)} list)";
        return (row.Cost.Complete ? "" : "at least ") + Dollars.Text((double)usd) + listed;
    }

    private static string PerSuccess(CostPerSuccess? cost)
    {
        if (cost?.Usd is not { } usd) return "-";
        string interval = cost is { Low: { } low, High: { } high } ? $" ({Dollars.Text(low)} to {Dollars.Text(high)})" : " (too few for an interval)";
        return cost.Complete ? Dollars.Text(usd) + interval : $"at least {Dollars.Text(usd)}";
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Bar(long part, long whole)
    {
        int filled = whole == 0 ? 0 : (int)Math.Round((double)part / whole * BarWidth);
        return new string('█', filled) + new string('░', BarWidth - filled);
    }
}
