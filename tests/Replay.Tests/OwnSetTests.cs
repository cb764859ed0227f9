using System.CommandLine;
using System.Text.Json;
using Countersign.Cli;
using Countersign.Cli.Commands;
using Countersign.Replay.Upstream;

namespace Countersign.Replay.Tests;

/// <summary>The replay on the set that is part of the repository: upstream, gateway, ledger, grading and report, over real sockets.</summary>
public sealed class OwnSetTests
{
    [Fact]
    public async Task Agreement_OwnSet_AcceptsEscalatesAndIsBilledAsTheDraftsSay()
    {
        using var scene = new Scene();
        var result = (await scene.OwnAsync("own-agree")).Result;

        Assert.Equal(87.5, result.Route.Accuracy.Value); // Two drafters agree on a wrong answer once.
        Assert.Equal((5, 3, 0, 0), (result.Counts.Accepted, result.Counts.Escalated, result.Counts.Failed, result.Counts.Unmatched));
        Assert.Equal(8 + 7 + 3, result.Counts.Attempts); // Where the first refuses, two cannot agree any more, and the second is not asked.
        Assert.Equal(["small-a", "small-b", "large"], result.Alone.Select(alone => alone.Name));
        Assert.Equal([62.5, 75, 100], result.Alone.Select(alone => alone.Accuracy.Value));
        Assert.Equal(1, result.StrongAlone.CostShare.Value);
        Assert.InRange(result.Route.CostShare.Value, 0.3, 0.7);
        Assert.True(result.Reached);
    }

    [Fact]
    public async Task ToolCalls_OwnSet_NearCallsAreMendedAndGradedByReference()
    {
        using var scene = new Scene();
        var result = (await scene.OwnAsync("own-calls")).Result;

        Assert.Equal(100, result.Route.Accuracy.Value);
        Assert.Equal((4, 2, 4, 0), (result.Counts.Accepted, result.Counts.Escalated, result.Counts.Mended, result.Counts.Ungraded));
        Assert.Equal(33.3333, result.Alone.Single(alone => alone.Name == "small-a").Accuracy.Value);
        Assert.Equal(new Replay.Scoring.GraderCheck(12, 12), result.Grader);
    }

    [Fact]
    public async Task Report_AfterAReplay_ShowsCostPerSuccessOfEveryRouteBesideTheStrongModel()
    {
        using var scene = new Scene();
        await scene.OwnAsync("own-agree");
        var output = new StringWriter();
        await CommandLine.RunAsync(["report", "--ledger", scene.Ledger, "--format", "json"], new InvocationConfiguration { Output = output }, ReportCommand.Create());

        using var report = JsonDocument.Parse(output.ToString());
        var route = report.RootElement.GetProperty("rows").EnumerateArray().Single(row => row.GetProperty("name").GetString() == "own-agree");
        Assert.Equal(7, route.GetProperty("successes").GetProperty("reported").GetInt32());
        Assert.True(route.GetProperty("cost_per_success").GetProperty("usd").GetDouble() > 0);
        Assert.Equal("large", route.GetProperty("strong_only").GetProperty("deployment").GetString());
        Assert.Equal(8, route.GetProperty("strong_only").GetProperty("requests").GetInt32());
    }

    [Theory]
    [InlineData("own-agree", 1)]
    [InlineData("own-calls", 2)]
    public async Task Faults_OfEveryKind_LoseNothingAndInventNothing(string row, int seed)
    {
        using var scene = new Scene();
        var replayed = await scene.OwnAsync(row, FaultPlan.Parse("rate-limit=0.08,error=0.1,stall=0.05,cut=0.1,bad-sse=0.1,bad-json=0.1,drip=0.1", seed));

        Assert.True(replayed.Faults.Values.Sum() > 5, $"{replayed.Faults.Values.Sum()} faults");
        var (result, counts) = (replayed.Result, replayed.Result.Counts);
        Assert.Equal((0, 0), (counts.Unmatched, counts.Ungraded)); // Whole answers are recorded ones, or mended ones that can be graded.
        Assert.True(counts.Failed <= result.Questions / 2, $"{counts.Failed} of {result.Questions} failed");
        Assert.True(result.Route.Accuracy.Value >= 50, $"{result.Route.Accuracy}");
    }
}
