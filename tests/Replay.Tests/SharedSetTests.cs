using Countersign.Replay.Asking;
using Countersign.Replay.Recordings;
using Countersign.Replay.Scoring;
using Countersign.Tests;

namespace Countersign.Replay.Tests;

/// <summary>The replay on recorded traffic, where it is there: a few questions a row, and the whole sets for what needs no server.</summary>
public sealed class SharedSetTests(ITestOutputHelper output)
{
    private static readonly IReadOnlyList<Row> AllRows = Rows.Load(Path.Combine(Scene.RoutesFolder, "rows.json"));

    public static TheoryData<string> Names => [.. AllRows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Row_OnAFewQuestions_EveryAnswerIsMatchedAndGraded(string name)
    {
        string data = SharedData.Require("data/outcomes");
        using var scene = new Scene();
        var result = (await Scene.RunAsync(AllRows.Single(row => row.Name == name), scene.Options(data, Scene.RoutesFolder) with { Limit = 12 })).Result;

        Assert.Equal((12, 0, 0, 0), (result.Questions, result.Counts.Failed, result.Counts.Unmatched, result.Counts.Ungraded));
        Assert.True(result.Route.Usd > 0);
        Assert.True(result.Route.Accuracy.Value > 30, $"{result.Route.Accuracy}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RouteFile_IsValid_AndHasThePricesOfTheList(string name)
    {
        var configuration = RunningGateway.Read(Path.Combine(Scene.RoutesFolder, name + ".yaml"), "http://127.0.0.1:9/v1", new ReplayOptions { Data = "", Routes = Scene.RoutesFolder, Ledger = "ledger.db" });
        Assert.Equal([name], configuration.Routes.Keys);
        Assert.All(configuration.Deployments.Values, deployment => Assert.NotEmpty(deployment.Prices));
        Assert.Empty(PriceList.Differences(configuration, SharedData.Require("data/outcomes/prices.csv")));
    }

    [Theory]
    [InlineData("calls-two-of-three")]
    [InlineData("gptoss-checked")]
    public void Grader_OnAllRecordedCalls_SaysWhatTheRecordingSays(string name)
    {
        var row = AllRows.Single(row => row.Name == name);
        string folder = SharedData.Require($"data/outcomes/{row.Set}");
        string[] models = [.. File.ReadLines(Path.Combine(Scene.RoutesFolder, name + ".yaml")).Where(line => line.Contains(" model: ", StringComparison.Ordinal)).Select(line => line.Split(" model: ")[1].Split(',')[0])];
        var set = RecordedSet.Load(folder, row.Tasks, models.ToHashSet(), limit: null);
        var check = Scorer.Load(folder, set).Check(models);
        output.WriteLine($"{check}");
        Assert.True(check.Graded > 1000);
        Assert.Equal(check.Graded, check.Agreed);
    }
}
