using System.Globalization;
using System.Text;

namespace Countersign.Load.Bench;

/// <summary>Writes <c>docs/load.md</c> from the committed results; a test checks that both agree.</summary>
internal static class LoadPage
{
    private const double QuietLoad = 1;
    private const string Head = """
        # What the gateway costs

        Made by `dotnet run --project bench/Load -c Release` (Linux, nginx installed), which publishes the gateway, measures, and writes `bench/results/load.json` and this page.
        An upstream that always says the same, a load generator that checks every answer whole, nginx with `proxy_pass` and the gateway share one machine and take turns.
        The gateway has its key check, JSON parsing, metering and ledger on; nginx passes bytes on. So the figure to carry elsewhere is the ratio of the CPU time per right answer, not the time.
        Added latency is the median beside a request straight to the upstream in the same run. Connections are open before the time begins; P, of whose streams few fit into a turn, and D, whose slowest requests count, take four turns in each round.


        """;

    /// <summary>The whole page.</summary>
    public static string Of(Results results)
    {
        var page = new StringBuilder(Head);
        WriteCpu(page, results);
        WriteLatency(page, results);
        WriteRest(page, results);
        return page.Replace("\r\n", "\n").ToString();
    }

    private static void WriteCpu(StringBuilder page, Results results)
    {
        page.Append("| | scenario | nginx, CPU ms | gateway, CPU ms | ratio | at most |\n|---|---|---|---|---|---|\n");
        foreach (var row in results.Scenarios)
        {
            string most = TargetOf(row, Measure.Cpu) is { } target ? Text(target.Most) : "";
            page.Append(CultureInfo.InvariantCulture, $"| {row.Name} | {row.What} | {row.Nginx.CpuMilliseconds:0.000} | {row.Gateway.CpuMilliseconds:0.000} | **{Text(row.CpuRatio)}** | {most} |\n");
        }
    }

    private static void WriteLatency(StringBuilder page, Results results)
    {
        page.Append("\n| | direct p50 / p99, ms | nginx p50 / p99 | gateway p50 / p99 | added p50 | added p99 | at most |\n|---|---|---|---|---|---|---|\n");
        foreach (var row in results.Scenarios)
        {
            string most = TargetOf(row, Measure.AddedP50) is { } median ? $"p50 {Text(median.Most)}" : TargetOf(row, Measure.AddedP99) is { } tail ? $"p99 {Text(tail.Most)}" : "";
            page.Append(CultureInfo.InvariantCulture,
                $"| {row.Name} | {Pair(row.Direct)} | {Pair(row.Nginx)} | {Pair(row.Gateway)} | {Text(row.Gateway.P50 - row.Direct.P50)} | {Text(row.Gateway.P99 - row.Direct.P99)} | {most} |\n");
        }
    }

    private static void WriteRest(StringBuilder page, Results results)
    {
        page.Append(CultureInfo.InvariantCulture, $"\nFrom start to first answer: {results.GatewayStartMilliseconds:0} ms (nginx {results.NginxStartMilliseconds:0} ms; at most 400).");
        page.Append(CultureInfo.InvariantCulture, $" Memory (RSS) after all scenarios: {results.Scenarios[^1].Gateway.RssMegabytes:0} MiB (nginx {results.Scenarios[^1].Nginx.RssMegabytes:0} MiB; at most 150).\n");
        if (results.Soak is { } soak)
        {
            page.Append(CultureInfo.InvariantCulture, $"Memory over {soak.RssMegabytes.Count - 1} minutes of scenario A ({soak.Right} right answers, {soak.Wrong} wrong), MiB minute by minute: ");
            page.AppendJoin(", ", soak.RssMegabytes.Select(static megabytes => megabytes.ToString("0", CultureInfo.InvariantCulture))).Append(".\n");
        }

        page.Append(CultureInfo.InvariantCulture, $"\nMedians of {results.Rounds} rounds of {results.SecondsPerRound:0.#} s, {results.Scenarios.Sum(static row => row.Gateway.Right)} right answers of the gateway, {results.Scenarios.Sum(static row => row.Gateway.Wrong)} wrong. ");
        page.Append(CultureInfo.InvariantCulture, $"{results.Machine}; load average before the run {results.LoadAverage:0.0}; {results.Runtime}; {results.Reference}; {results.Date:yyyy-MM-dd}.\n");
        if (results.LoadAverage > QuietLoad) page.Append("\n**The machine was busy with other work**: latencies and the start say how it was kept waiting; only the ratios say something of the gateway.\n");
    }

    private static Target? TargetOf(ScenarioResult row, Measure measure) => Scenario.All.FirstOrDefault(known => known.Name == row.Name)?.Target is { } target && target.Of == measure ? target : null;

    private static string Pair(Figures figures) => $"{Text(figures.P50)} / {Text(figures.P99)}";

    private static string Text(double value) => value.ToString("0.0#", CultureInfo.InvariantCulture);
}
