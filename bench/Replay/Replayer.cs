using System.Reflection;
using System.Runtime.InteropServices;
using Countersign.Cascade.Routes;
using Countersign.Gateway;
using Countersign.Gateway.Configuration;
using Countersign.Replay.Asking;
using Countersign.Replay.Recordings;
using Countersign.Replay.Results;
using Countersign.Replay.Scoring;
using Countersign.Replay.Upstream;

namespace Countersign.Replay;

/// <summary>A row that was replayed.</summary>
/// <param name="Result">What it came to.</param>
/// <param name="Faults">The faults that the upstream made.</param>
internal sealed record Replayed(RowResult Result, IReadOnlyDictionary<Fault, int> Faults);

/// <summary>Replays a row: asks every question of the route and of each of its deployments alone, over HTTP; then grades, then reports the outcomes.</summary>
internal sealed class Replayer(ReplayOptions options, TimeProvider time)
{
    /// <summary>Replays a row.</summary>
    /// <param name="row">The row.</param>
    /// <param name="advance">Told of every finished step of <see cref="StepsPerAnswer"/> an answer; from several threads.</param>
    /// <param name="begin">Told how many steps there are, once that is known.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="InvalidDataException">The route file or the set cannot be used.</exception>
    public async Task<Replayed> RunAsync(Row row, Action<int> begin, Action advance, CancellationToken cancellationToken)
    {
        string routeFile = Path.Combine(options.Routes, row.Name + ".yaml"), folder = Path.Combine(options.Data, row.Set);
        var plan = ReadPlan(row, routeFile);
        var set = RecordedSet.Load(folder, row.Tasks, plan.Deployments.Values.Select(deployment => deployment.Model).ToHashSet(), options.Limit);
        if (set.Questions.Count == 0) throw new InvalidDataException($"{folder} has no question of the row '{row.Name}'.");
        string[] targets = [row.Name, .. plan.Deployments.Keys];
        begin(targets.Length * set.Questions.Count * StepsPerAnswer);

        await using var upstream = await RecordedUpstream.StartAsync(set, options.Faults, options.LatencyScale, time, cancellationToken);
        var configuration = RunningGateway.Read(routeFile, upstream.BaseUrl, options);
        await using var gateway = await RunningGateway.StartAsync(configuration, cancellationToken);
        using var client = new Client(gateway.Address);
        var asking = new Questioning(client, options.Parallel, advance);
        var runs = new List<TargetRun>();
        foreach (string target in targets) runs.Add(await asking.AskAsync(set.Questions, target, cancellationToken));

        // Only now are the grades read, and only now does the gateway hear of them.
        var scorer = Scorer.Load(folder, set);
        foreach (var run in runs) run.Grade(scorer);
        foreach (var run in runs) await asking.ReportAsync(run, cancellationToken);
        return new Replayed(Result(row, configuration, set, runs, scorer, upstream), upstream.Faults);
    }

    /// <summary>An answer is asked for, looked up in the ledger, and its outcome reported.</summary>
    public const int StepsPerAnswer = 3;

    private GatewayConfiguration ReadPlan(Row row, string routeFile)
    {
        var plan = RunningGateway.Read(routeFile, "http://127.0.0.1:9/v1", options);
        if (!plan.Routes.ContainsKey(row.Name)) throw new InvalidDataException($"{routeFile} has no route '{row.Name}'.");
        var wrong = PriceList.Differences(plan, Path.Combine(options.Data, "prices.csv"));
        return wrong.Count == 0 ? plan : throw new InvalidDataException($"{routeFile} has other prices than the list. {string.Join(' ', wrong)}");
    }

    private RowResult Result(Row row, GatewayConfiguration configuration, RecordedSet set, List<TargetRun> runs, Scorer scorer, RecordedUpstream upstream)
    {
        string strong = StrongestOf(configuration.Routes[row.Name].Cascade);
        var (route, strongRun) = (runs[0], runs.First(run => run.Target == strong));
        var measured = runs.ConvertAll(run => run.Measure(strongRun));
        var check = scorer.Check(configuration.Deployments.Values.Select(deployment => deployment.Model));
        return new RowResult
        {
            Row = row.Name,
            Set = row.Set,
            Tasks = row.Tasks,
            Description = row.Description,
            Goal = row.Goal,
            Reached = row.Goal.IsReachedBy(measured[0].Accuracy.Value, measured.First(alone => alone.Name == strong).Accuracy.Value, measured[0].CostShare.Value),
            Date = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime),
            Versions = Versions(configuration),
            Questions = set.Questions.Count,
            Route = measured[0],
            AboveStrong = Interval.Points(route.Rights, strongRun.Rights),
            Strong = strong,
            Alone = measured[1..],
            Counts = route.Count(upstream.Unmatched, scorer.Ungraded),
            Grader = check.Graded > 0 ? check : null,
        };
    }

    private static string StrongestOf(Route route) => (route.Escalation.Count > 0 ? route.Escalation[^1] : route.Draft).Deployments[0];

    private static Dictionary<string, string> Versions(GatewayConfiguration configuration) => new()
    {
        ["countersign"] = typeof(GatewayHost).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        ["dotnet"] = RuntimeInformation.FrameworkDescription,
        ["route"] = configuration.Routes.Values.First().Cascade.Version,
    };
}
