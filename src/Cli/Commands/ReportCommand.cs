using System.CommandLine;
using System.Text.Json;
using Countersign.Cli.Reports;
using Countersign.Gateway.Ledger.Reporting;

namespace Countersign.Cli.Commands;

/// <summary><c>countersign report</c>: what requests came to and what a success cost.</summary>
internal static class ReportCommand
{
    private enum Format { Table, Json, Csv }

    public static Command Create()
    {
        var by = Options.Choice("--by", [], "What the rows are.", ("route", ReportBy.Route), ("deployment", ReportBy.Deployment), ("caller", ReportBy.Caller), ("day", ReportBy.Day));
        var since = Durations.Moment("--since", "The first moment that counts: a span before now (7d, 24h) or a date (2026-03-14, UTC). Left out: all.", TimeProvider.System);
        var format = Options.Choice("--format", ["-f"], "How it is written.", ("table", Format.Table), ("json", Format.Json), ("csv", Format.Csv));
        var (ledger, config) = (Ledgers.Option(), Configurations.Option());
        var command = new DocumentedCommand(
            "report", "Shows what requests came to: accepted drafts, repairs, escalations, successes, money, and what a success cost, with its 95 % interval.",
            "countersign report", "countersign report --by day --since 7d", "countersign report --format csv > report.csv") { by, since, format, ledger, config };
        command.SetAction((parsed, _) =>
        {
            var (terminal, query, how) = (new Terminal(parsed), new ReportQuery(parsed.GetValue(by), parsed.GetValue(since)), parsed.GetValue(format));
            return Ledgers.WithAsync(parsed.GetValue(ledger), parsed.GetValue(config), isMade: false, terminal, ledger => Task.FromResult(Show(ledger.ReadReport(query), how, terminal)));
        });
        return command;
    }

    private static int Show(Report report, Format format, Terminal terminal)
    {
        if (format == Format.Json) terminal.Text(JsonSerializer.Serialize(report, ReportJson.Default.Report) + "\n");
        else if (format == Format.Csv) terminal.Text(ReportCsv.Write(report));
        else ShowTable(report, terminal);
        return ExitCodes.Done;
    }

    private static void ShowTable(Report report, Terminal terminal)
    {
        if (report.Rows.Count == 0)
        {
            terminal.Line("No requests in this time.");
            return;
        }

        terminal.Table(ReportText.Headings(report.By), [.. report.Rows.Append(report.Total).Select(row => ReportText.Cells(row, withBar: terminal.IsSeen))]);
        terminal.Line(ReportText.Legend);
    }
}
