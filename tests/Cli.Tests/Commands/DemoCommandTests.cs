using System.Text.Json;
using System.Text.RegularExpressions;
using Countersign.Cli.Demo;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Tests;

namespace Countersign.Cli.Tests.Commands;

public sealed partial class DemoCommandTests
{
    private static readonly string Models = Path.Combine(SharedData.RepositoryRoot, "models");

    [Fact]
    public async Task Demo_OneRoute_RunsOnTheShippedWeights_AndItsReportAddsUp()
    {
        var ran = await Run.Async("demo", "--models", Models, "--route", "inbox", "--usd-per-hour", "0.36");
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        var (accepted, failed) = (Accepted().Count(ran.Output), Failed().Count(ran.Output));
        Assert.Equal(6, accepted + failed);
        Assert.Contains($"6: {accepted} accepted, {failed} failed (not countersigned)", ran.Output);
        Assert.Contains($"of the {accepted} accepted {Right().Count(ran.Output)} are right", ran.Output);
        Assert.Contains("s of this machine at $0.36 an hour", ran.Output);
    }

    [Fact]
    public async Task Demo_WhatCannotBe_IsSaid()
    {
        Assert.Contains("Routes here: receipts, inbox, assistant.", (await Run.Async("demo", "--models", Models, "--route", "poems")).Error);
        Assert.Contains("holds no GGUF files", (await Run.Async("demo", "--models", Path.GetTempPath())).Error);
    }

    [Fact]
    public void Tasks_KnownAnswersStandInTheirTexts()
    {
        var kinds = DemoTasks.Read();
        Assert.True(kinds.Sum(kind => kind.Tasks.Count) >= 24);
        foreach (var (kind, task) in kinds.SelectMany(kind => kind.Tasks.Select(task => (kind, task))))
        {
            foreach (var known in task.Answer.EnumerateObject().Where(known => known.Value.ValueKind == JsonValueKind.String && known.Name is not ("category" or "tool")))
                Assert.Contains(known.Value.GetString()!, task.Text, StringComparison.OrdinalIgnoreCase);
            using var request = JsonDocument.Parse(kind.RequestOf(task));
            Assert.DoesNotContain("\"answer\"", request.RootElement.GetRawText());
        }
    }

    [Theory]
    [InlineData("""{"vendor":" blue door bakery","date":"2025-03-14","total":9.20}""", true)]
    [InlineData("""{"vendor":"Blue Door Bakery","date":"2025-03-14","total":"9.20"}""", false)]
    [InlineData("""{"vendor":"Blue Door Bakery","date":"2025-03-14"}""", false)]
    [InlineData("""{"vendor":"Blue Door Bakery","date":"2025-03-14","total":1e400}""", false)]
    [InlineData("[]", false)]
    public void Task_Answer_IsComparedByValue(string answer, bool isRight)
    {
        var bakery = DemoTasks.Read()[0].Tasks[0];
        using var document = JsonDocument.Parse(answer);
        Assert.Equal(isRight, bakery.IsRight(document.RootElement));
    }

    [Fact]
    public void Strong_IsTheLastStageOfEveryRoute()
    {
        var demo = DemoConfiguration.Load(Models, Path.Combine(Path.GetTempPath(), "unused.db"));
        Assert.Empty(demo.Problems);
        var own = ConfigurationLoader.LoadText("providers: { up: { api: openai, base_url: \"http://127.0.0.1:9/v1\" } }", "own.yaml", new ConfigurationEnvironment(_ => null, Models)).Configuration!;
        var both = DemoConfiguration.WithStrong(demo.Configuration!, own, "up/big");
        Assert.All(both.Routes.Values, route => Assert.Equal(["up/big"], route.Cascade.Escalation[^1].Deployments));
        Assert.Equal(new Deployment { Name = "up/big", Provider = "up", Model = "big" }, both.Deployments["up/big"]);
    }

    [GeneratedRegex("^  accepted, and ", RegexOptions.Multiline)]
    private static partial Regex Accepted();

    [GeneratedRegex("^  accepted, and right", RegexOptions.Multiline)]
    private static partial Regex Right();

    [GeneratedRegex("^  not countersigned: ", RegexOptions.Multiline)]
    private static partial Regex Failed();
}
