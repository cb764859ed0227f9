using System.Diagnostics;
using Countersign.Cli.Tests.Clients;
using Countersign.Gateway.Ledger.Sqlite;

namespace Countersign.Cli.Tests.Commands;

public sealed class RunCommandTests : RunScene
{
    private const int Seed = 20260314;

    [Fact]
    public async Task Batch_BothForms_AreAnsweredOnce()
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi"), "", """{"messages":[{"role":"user","content":"hi"}],"stream":true}"""]);
        var ran = await Run.Async(Order);
        Assert.Equal((0, ""), (ran.Code, ran.Error));
        Assert.Matches("accepted +2\n", ran.Output);
        Assert.Equal(["a", "line-3"], Answers().Keys.Order());
        Assert.Equal(ScriptedModel.Hello, Answers()["a"].GetProperty("response").GetProperty("body").GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString());

        Assert.Matches("earlier +2\n", (await Run.Async(Order)).Output);
        Assert.Equal(2, Upstream.Requests.Count);
    }

    [Fact]
    public async Task Failure_IsALineWithItsError_AndIsAskedAgain()
    {
        await File.WriteAllLinesAsync(Input, [Line("good", "hi"), Line("bad", "status 400")]);
        Assert.Equal(1, (await Run.Async(Order)).Code);
        Assert.NotEmpty(Answers()["bad"].GetProperty("error").GetProperty("message").GetString()!);
        Assert.Equal(1, (await Run.Async(Order)).Code);
        Assert.Equal((3, 2), (Upstream.Requests.Count, Answers().Count));
    }

    [Fact]
    public async Task DryRun_AsksNothingAndSaysTheWorstCase()
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi")]);
        var ran = await Run.Async([.. Order, "--dry-run"]);
        Assert.Matches(@"to ask +1\n +worst case +\$0\.0\d+\n", ran.Output);
        Assert.Empty(Upstream.Requests);
        Assert.False(File.Exists(Output));
    }

    [Theory]
    [InlineData("nonsense", "Line 1 of the input")]
    [InlineData("""{"custom_id":"a","body":{"messages":[]}}""", "'a' cannot be run")]
    [InlineData("""{"body":{"messages":[{"role":"user","content":"hi"}]}}""", "no custom_id")]
    public async Task Input_ThatCannotBeRun_IsSaidBeforeAnythingIsAsked(string line, string words)
    {
        await File.WriteAllLinesAsync(Input, [line, Line("b", "hi")]);
        var ran = await Run.Async(Order);
        Assert.Equal(1, ran.Code);
        Assert.Contains(words, ran.Error);
        Assert.Empty(Upstream.Requests);
    }

    [Theory]
    [InlineData("""{"messages":[],"messages":[]}""", "Line 2 of the input cannot be run: it is no JSON object")]
    [InlineData("""{"messages":[{"role":"user","content":"\ud800"}]}""", "Line 2 of the input cannot be run: it is no JSON object")]
    public async Task Input_WithABrokenText_IsSaidInALine(string line, string words)
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi"), line]);
        var ran = await Run.Async(Order);
        Assert.Equal((1, ""), (ran.Code, ran.Output));
        Assert.StartsWith(words, ran.Error);
        Assert.DoesNotContain("   at ", ran.Error);
    }

    [Fact]
    public async Task Input_WithManyBadLines_IsSaidAtOnce()
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi"), Line("a", "hi"), """{"custom_id":"empty","body":{"messages":[]}}""", .. Enumerable.Repeat("nonsense", 30)]);
        string[] lines = (await Run.Async(Order)).Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("Line 2 of the input cannot be run: the custom_id 'a'", lines[0]);
        Assert.Contains("'empty' cannot be run", lines[1]);
        Assert.StartsWith("Line 4 ", lines[2]);
        Assert.Equal("And 12 more.", lines[20]);
        Assert.Equal(22, lines.Length);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("/dev/stdin")]
    public async Task Input_FromAPipe_IsAnsweredWhole(string input)
    {
        const int Requests = 3;
        await File.WriteAllLinesAsync(Input, Enumerable.Range(0, Requests).Select(number => Line($"r{number}", "hi")));
        using var shell = Process.Start("sh", ["-c", "in=$1; shift; cat \"$in\" | \"$@\" >/dev/null", "sh", Input, .. Executable.CommandOf(["run", "checked", input, "-o", Output, "--config", Config])]);
        await shell.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, Requests, Requests), (shell.ExitCode, Upstream.Requests.Count, Answers().Count));
    }

    [Theory]
    [InlineData("run checked in.jsonl -o ")]
    [InlineData("run checked nothing.jsonl -o out.jsonl")]
    public async Task CommandLine_Wrong_EndsWithItsCode(string args) => Assert.Equal(2, (await Run.Async(args.Replace("in.jsonl", Config).Split(' '))).Code);

    [Fact]
    public async Task DryRun_AgreesWithTheRun()
    {
        await File.WriteAllLinesAsync(Input, [Line("a", "hi"), Line("b", "hi")]);
        await Run.Async(Order);
        await File.WriteAllLinesAsync(Input, [Line("b", "hi")]);
        Assert.Matches(@"requests +1\n +answered +1\n +to ask +0\n", (await Run.Async([.. Order, "--dry-run"])).Output);
        await File.WriteAllLinesAsync(Input, [Line("a", "something else")]);
        Assert.Contains("another output file", (await Run.Async([.. Order, "--dry-run"])).Error);
    }

    [Fact]
    public async Task Process_KilledAtRandomMoments_AsksAgainOnlyWhatWasRunning()
    {
        const int Requests = 80, Kills = 6, Parallel = 4;
        var random = new Random(Seed);
        await File.WriteAllLinesAsync(Input, Enumerable.Range(0, Requests).Select(number => Line($"r{number}", $"hi {number}")));
        for (int kill = 0; kill < Kills; kill++) await RunAndKillAsync(Upstream.Requests.Count + random.Next(1, 12), TimeSpan.FromMicroseconds(random.Next(0, 5000)), Parallel);
        Assert.Equal(0, (await Run.Async([.. Order, "-p", "4"])).Code);

        Assert.Equal(Requests, Answers().Count); // One line each: reading them twice under one id would fail.
        Assert.InRange(Upstream.Requests.Count, Requests, Requests + (Kills * Parallel));
        Assert.False(File.Exists(Output + ".part"));
        await using var ledger = SqliteLedger.Open(Path.Combine(Folder, "ledger.db"), TimeProvider.System);
        Assert.All(Answers().Values, line => Assert.True(ledger.Has(line.GetProperty("id").GetString()!)));
        Assert.Equal(Requests, ledger.ReadReport(new(Gateway.Ledger.Reporting.ReportBy.Route, null)).Total.Requests);
    }

    private async Task RunAndKillAsync(int untilAsked, TimeSpan wait, int parallel)
    {
        using var process = Executable.Start([.. Order, "-p", $"{parallel}"]);
        while (Upstream.Requests.Count < untilAsked && !process.HasExited) await Task.Delay(1, TestContext.Current.CancellationToken);
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin) < wait) Thread.SpinWait(20);
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
