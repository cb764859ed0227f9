using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Countersign.Gateway.Ledger.Reporting;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Gateway.Tests.Upstreams;
using Microsoft.Data.Sqlite;

namespace Countersign.Cli.Tests.Commands;

/// <summary>What becomes of running requests where the process is told to stop.</summary>
public sealed class StopTests : IAsyncLifetime
{
    private const int Running = 3;

    private readonly string folder = Directory.CreateTempSubdirectory("countersign-stop-").FullName;
    private readonly SemaphoreSlim released = new(0);
    private readonly HttpClient client = new();
    private FakeUpstream upstream = null!;

    private string LedgerPath => Path.Combine(folder, "ledger.db");

    public async ValueTask InitializeAsync() => upstream = (await FakeUpstream.StartAsync()).Then(async context =>
    {
        await released.WaitAsync(context.RequestAborted);
        await Script.Answer()(context);
    });

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        released.Dispose();
        await upstream.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Terminate_WhileRequestsRun_LetsThemEnd()
    {
        using var server = await ServeAsync(drain: "60s");
        var answers = await AskAsync();
        Signal(server.Process, "TERM");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken); // Longer than what the command line's library allows by itself.
        Assert.False(server.Process.HasExited);

        released.Release(Running);
        foreach (var answer in await Task.WhenAll(answers)) Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        await EndAsync(server.Process);
        Assert.Equal(0, server.Process.ExitCode);
        var total = await ReportAsync();
        Assert.Equal((Running, 0L), (total.Requests, total.Cancelled));
        Assert.Equal(0, Number("SELECT count(*) FROM reservations"));
    }

    [Fact]
    public async Task Drain_ThatEndsTooEarly_BillsWhatStillRan()
    {
        using var server = await ServeAsync(drain: "100ms");
        var answers = await AskAsync();
        Signal(server.Process, "TERM");
        await EndAsync(server.Process);
        foreach (var answer in answers) await Assert.ThrowsAsync<HttpRequestException>(() => answer);

        var total = await ReportAsync();
        Assert.Equal((Running, (long)Running), (total.Requests, total.Cancelled));
        Assert.Equal(Running, Number("SELECT count(*) FROM attempts WHERE status = 'cancelled'"));
        Assert.Equal(0, Number("SELECT count(*) FROM reservations"));
        Assert.True(Number("SELECT sum(amount) FROM spending") > 0); // What they cost is not known: budgets are charged what was reserved.
    }

    [Fact]
    public async Task SecondSignal_WhileRequestsRun_EndsAtOnce()
    {
        using var server = await ServeAsync(drain: "60s");
        var answers = await AskAsync();
        Signal(server.Process, "INT");
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.False(server.Process.HasExited);
        Signal(server.Process, "INT");
        await EndAsync(server.Process);
        Assert.Equal(130, server.Process.ExitCode);
        foreach (var answer in answers) await Assert.ThrowsAsync<HttpRequestException>(() => answer);
    }

    [Fact]
    public async Task Interrupt_OfRun_BillsWhatRanAndGoesOnLater()
    {
        string config = await ConfigureAsync(drain: "60s"), input = Path.Combine(folder, "in.jsonl"), output = Path.Combine(folder, "out.jsonl");
        await File.WriteAllLinesAsync(input, Enumerable.Range(0, Running).Select(number => $$"""{"custom_id":"r{{number}}","body":{{Body}}}"""), TestContext.Current.CancellationToken);
        string[] order = ["run", "checked", input, "-o", output, "--config", config];
        using (var run = Executable.Start(order))
        {
            await UntilAskedAsync();
            Signal(run, "INT");
            await EndAsync(run);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("goes on from here", await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        }

        Assert.Equal((Running, (long)Running), (await ReportAsync() is var total ? total.Requests : 0, total.Cancelled));
        Assert.Equal(0, Number("SELECT count(*) FROM reservations"));
        released.Release(Running);
        Assert.Equal(0, (await Run.Async(order)).Code);
    }

    [Fact]
    public async Task Terminate_WhileRunWaitsForAPipe_EndsAtOnce()
    {
        string config = await ConfigureAsync(drain: "60s"), pipe = Path.Combine(folder, "pipe");
        using (var made = Process.Start("mkfifo", [pipe])) await made.WaitForExitAsync(TestContext.Current.CancellationToken);
        await using var writer = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite); // And writes nothing.
        using var run = Executable.Start("run", "checked", pipe, "-o", Path.Combine(folder, "out.jsonl"), "--config", config);
        while (!Directory.EnumerateFiles($"/proc/{run.Id}/fd").Any(file => new FileInfo(file).LinkTarget == pipe)) await Task.Delay(20, TestContext.Current.CancellationToken);
        Signal(run, "TERM");
        await EndAsync(run);
        Assert.Equal((1, "Stopped. The same command goes on from here.\n"), (run.ExitCode, await run.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)));
    }

    private const string Body = """{"model":"checked","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}""";

    private async Task<Serving> ServeAsync(string drain)
    {
        var process = Executable.Start("serve", "--config", await ConfigureAsync(drain));
        process.BeginErrorReadLine();
        while (true)
        {
            string line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) ?? throw new InvalidOperationException("The server ended.");
            if (line.StartsWith("Listening on ", StringComparison.Ordinal)) return new Serving(process, client.BaseAddress = new Uri(line["Listening on ".Length..].Trim()));
        }
    }

    private async Task<string> ConfigureAsync(string drain)
    {
        string config = Path.Combine(folder, "countersign.yaml");
        await File.WriteAllTextAsync(config, $$"""
            server: { listen: "127.0.0.1:0", drain: {{drain}} }
            ledger: { path: {{LedgerPath}} }
            providers: { up: { api: openai, base_url: "{{upstream.BaseUrl}}" } }
            deployments: { small: { provider: up, model: small-1, price: { input: 1, output: 2 }, retry: { attempts: 0 } } }
            routes: { checked: { draft: { deployment: small }, budget: { per_day: 100 } } }
            """);
        return config;
    }

    /// <summary>Asks, and waits until the upstream was.</summary>
    private async Task<List<Task<HttpResponseMessage>>> AskAsync()
    {
        var answers = Enumerable.Range(0, Running).Select(_ => client.PostAsync("/v1/chat/completions", new StringContent(Body, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken)).ToList();
        await UntilAskedAsync();
        return answers;
    }

    private async Task UntilAskedAsync()
    {
        while (upstream.Requests.Count < Running) await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    private static void Signal(Process process, string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static Task EndAsync(Process process) => process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private async Task<ReportRow> ReportAsync()
    {
        await using var ledger = SqliteLedger.Open(LedgerPath, TimeProvider.System);
        return ledger.ReadReport(new(ReportBy.Route, null)).Total;
    }

    private long Number(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={LedgerPath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    /// <summary>A server that does not outlive its test.</summary>
    private sealed record Serving(Process Process, Uri Address) : IDisposable
    {
        public void Dispose()
        {
            if (!Process.HasExited) Process.Kill();
            Process.Dispose();
        }
    }
}
