using System.Globalization;
using Countersign.Gateway.Ledger.Reporting;

namespace Countersign.Cli.Reports;

/// <summary>A report as comma-separated values (RFC 4180). What is unknown is empty; money is in US dollars, and a lower bound where it is not complete (0). The last row is the total.</summary>
internal static class ReportCsv
{
    private const string Head =
        "name,requests,accepted_drafts,repaired,escalated,failed,cancelled,successes_reported,successes_audited,successes_provisional,outcomes_known,usd,usd_complete,usd_at_list_prices," +
        "usd_per_success,usd_per_success_low,usd_per_success_high,usd_per_success_complete,strong_deployment,strong_requests,strong_audits,strong_successes," +
        "strong_usd_per_success,strong_usd_per_success_low,strong_usd_per_success_high,strong_usd_per_success_complete";

    /// <summary>The whole text.</summary>
    public static string Write(Report report) => Csv.Text([Head, .. report.Rows.Append(report.Total).Select(Line)]);

    private static string Line(ReportRow row)
    {
        var (success, strong) = (row.Successes, row.StrongOnly);
        object?[] fields =
        [
            row.Name, row.Requests, row.AcceptedDrafts, row.Repaired, row.Escalated, row.Failed, row.Cancelled, success.Reported, success.Audited, success.Provisional, success.Known,
            row.Cost.Usd, Flag(row.Cost.Complete), row.ListPriced, .. PerSuccess(row.CostPerSuccess),
            strong?.Deployment, strong?.Requests, strong?.Audits, strong?.Successes.Total, .. PerSuccess(strong?.CostPerSuccess),
        ];
        return Csv.Line(fields.Select(field => Convert.ToString(field, CultureInfo.InvariantCulture)));
    }

    private static object?[] PerSuccess(CostPerSuccess? cost) => [cost?.Usd, cost?.Low, cost?.High, cost?.Usd is null ? null : Flag(cost.Complete)];

    private static int Flag(bool isSo) => isSo ? 1 : 0;
}
