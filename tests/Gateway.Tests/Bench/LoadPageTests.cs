using System.Text.Json;
using Countersign.Load.Bench;
using Countersign.Tests;

namespace Countersign.Gateway.Tests.Bench;

public sealed class LoadPageTests
{
    [Fact]
    public void Page_IsWhatTheCommittedResultsMake() => Assert.Equal(LoadPage.Of(Committed()), File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "docs", "load.md")));

    [Fact]
    public void CommittedResults_HaveEveryScenarioAndNoWrongAnswer()
    {
        var results = Committed();
        Assert.Equal(Scenario.All.Select(scenario => scenario.Name), results.Scenarios.Select(row => row.Name));
        Assert.All(results.Scenarios, row => Assert.True(row is { Gateway: { Right: > 0, Wrong: 0 }, Nginx: { Right: > 0, Wrong: 0 } }));
    }

    private static Results Committed() => JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "bench", "results", "load.json")), ResultsJson.Default.Results)!;
}
