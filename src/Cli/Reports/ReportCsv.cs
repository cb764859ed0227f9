using System.Globalization;
using Countersign.Gateway.Ledger.Reporting;

namespace Countersign.Cli.Reports;

/// <summary>A report as comma-separated values (RFC 4180). What is unknown is empty; money is in US dollars. The last row is the total.</summary>
internal static class ReportCsv
{
    private const string Head =
        "name,requests,accepted_drafts,repaired,escalated,failed,cancelled,successes_reported,successes_audited,successes_provisional,outcomes_known,usd,usd_complete,usd_at_list_prices," +
        "usd_per_success,usd_per_success_low,usd_per_success_high,strong_deployment,strong_requests,strong_audits,strong_successes,strong_usd_per_success,strong_usd_per_success_low,strong_usd_per_success_high";

    /// <summary>The whole text.</summary>
    public static string Write(Report report) => string.Join("\r\n", [Head, .. report.Rows.Append(report.Total).Select(Line), ""]);

    private static string Line(ReportRow row)
    {
        var (success, cost, strong) = (row.Successes, row.CostPerSuccess, row.StrongOnly);
        object?[] fields =
        [
            row.Name, row.Requests, row.AcceptedDrafts, row.Repaired, row.Escalated, row.Failed, row.Cancelled, success.Reported, success.Audited, success.Provisional, success.Known,
            row.Cost.Usd, row.Cost.Complete ? 1 : 0, row.ListPriced, cost?.Usd, cost?.Low, cost?.High,
            strong?.Deployment, strong?.Requests, strong?.Audits, strong?.Successes.Total, strong?.CostPerSuccess?.Usd, strong?.CostPerSuccess?.Low, strong?.CostPerSuccess?.High,
        ];
        return string.Join(',', fields.Select(Field));
    }

    private static string Field(object? value)
    {
        string text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        return text.AsSpan().ContainsAny(',', '"', '\n') ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
    }
}
