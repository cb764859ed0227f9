namespace Countersign.Load.Bench;

/// <summary>Loads nginx, the gateway and the bare upstream in turn, so that whatever else the machine does meets all of them.</summary>
internal sealed class Comparison(ConstantUpstream upstream, Server nginx, Server gateway, int rounds, TimeSpan time)
{
    /// <summary>The servers must run.</summary>
    public ScenarioResult Measure(Scenario scenario)
    {
        foreach (var server in (Server[])[nginx, gateway]) Loops.Closed(server.Port, scenario.Request, Math.Min(scenario.Connections, 32), TimeSpan.FromSeconds(60), scenario.WarmUp);
        List<Figures> ofNginx = [], ofGateway = [], direct = [];
        for (int turn = 0; turn < rounds * scenario.Turns; turn++)
        {
            ofNginx.Add(Run(scenario, nginx));
            ofGateway.Add(Run(scenario, gateway));
            direct.Add(Run(scenario, null));
        }

        double ratio = Median(ofNginx.Zip(ofGateway, static (of, our) => our.CpuMilliseconds / of.CpuMilliseconds));
        return new ScenarioResult(scenario.Name, scenario.What, Math.Round(ratio, 2), Medians(ofNginx), Medians(ofGateway), Medians(direct));
    }

    /// <summary>Scenario A for so many minutes.</summary>
    public static Soak Soak(Server gateway, int minutes, TimeProvider clock)
    {
        var scenario = Scenario.All[0];
        var all = new Tally();
        List<double> megabytes = [Megabytes(gateway)];
        for (int minute = 0; minute < minutes; minute++)
        {
            all.Merge(Loops.Closed(gateway.Port, scenario.Request, scenario.Connections, TimeSpan.FromMinutes(1)));
            megabytes.Add(Megabytes(gateway));
        }

        return new Soak(clock.GetUtcNow(), all.Right, all.Wrong, megabytes);
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted[sorted.Length / 2];
    }

    private Figures Run(Scenario scenario, Server? server)
    {
        int port = server?.Port ?? upstream.Port;
        double before = server is null ? 0 : ProcessTree.CpuMilliseconds(server.Id);
        var tally = scenario.Rate is { } rate
            ? Loops.Open(port, scenario.Request, scenario.Connections, rate, time)
            : Loops.Closed(port, scenario.Request, scenario.Connections, time);
        double used = server is null ? 0 : ProcessTree.CpuMilliseconds(server.Id) - before;
        if (tally.Wrong > 0) Console.Error.WriteLine($"{scenario.Name}, {server?.Name ?? "direct"}: {tally.Wrong} wrong, such as: {tally.FirstFault}");
        return new Figures(used / Math.Max(1, tally.Right), tally.Percentile(0.5), tally.Percentile(0.99), tally.Right, tally.Wrong, server is null ? 0 : Megabytes(server));
    }

    private static double Megabytes(Server server) => Math.Round(ProcessTree.RssMegabytes(server.Id), 1);

    private static Figures Medians(List<Figures> rounds) => new(
        Math.Round(Median(rounds.Select(static round => round.CpuMilliseconds)), 4),
        Math.Round(Median(rounds.Select(static round => round.P50)), 3),
        Math.Round(Median(rounds.Select(static round => round.P99)), 3),
        rounds.Sum(static round => round.Right),
        rounds.Sum(static round => round.Wrong),
        rounds[^1].RssMegabytes);
}
