using System.Collections.Concurrent;
using System.Diagnostics;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Cli.Tests.Clients;

/// <summary><c>countersign serve</c> in a process of its own, before a scripted upstream that speaks both APIs. Models: <c>openai-plain</c> and <c>anthropic-plain</c> by the upstream's API;
/// <c>openai-gated</c> and <c>anthropic-gated</c> are routes whose draft gets tools and schemas wrong, so that the stronger model answers.</summary>
public sealed class ServedGateway : IAsyncLifetime
{
    public const string Key = "cs-tester-0123456789abcdefghijklmnopqrstuv", LimitedKey = "cs-limited-0123456789abcdefghijklmnopqrstu";

    private readonly string folder = Directory.CreateTempSubdirectory("countersign-clients-").FullName;
    private readonly ConcurrentQueue<string> log = new();
    private FakeUpstream upstream = null!;
    private Process server = null!;

    /// <summary>Every model and route that clients are tried on.</summary>
    public static TheoryData<string> Models { get; } = ["openai-plain", "openai-gated", "anthropic-plain", "anthropic-gated"];

    /// <summary>Such as <c>http://127.0.0.1:40123</c>.</summary>
    public string Address { get; private set; } = "";

    public Uri V1 => new($"{Address}/v1");

    public async ValueTask InitializeAsync()
    {
        upstream = (await FakeUpstream.StartAsync()).Then(ScriptedModel.AnswerAsync);
        string file = Path.Combine(folder, "countersign.yaml");
        await File.WriteAllTextAsync(file, Configuration);
        server = Executable.Start("serve", "--config", file);
        server.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        server.BeginErrorReadLine();
        while (Address == "") TakeAddress(await server.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"The server ended: {string.Join('\n', log)}"));
    }

    public async ValueTask DisposeAsync()
    {
        server.Kill();
        await server.WaitForExitAsync();
        server.Dispose();
        await upstream.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private string Configuration => $$"""
        server: { listen: "127.0.0.1:0", keep_alive: 1s }
        ledger: { path: {{Path.Combine(folder, "ledger.db")}} }
        callers:
          tester:  { key: {{Key}} }
          limited: { key: {{LimitedKey}}, rate: { requests: 1 } }
        providers:
          openai:    { api: openai, base_url: "{{upstream.BaseUrl}}" }
          anthropic: { api: anthropic, base_url: "{{upstream.BaseUrl}}" }
        deployments:
          openai-plain:    { provider: openai, model: strong-1, price: { input: 10, output: 20 }, retry: { attempts: 0 } }
          openai-weak:     { provider: openai, model: weak-1, price: { input: 1, output: 2 }, retry: { attempts: 0 } }
          anthropic-plain: { provider: anthropic, model: strong-1, price: { input: 10, output: 20 }, retry: { attempts: 0 } }
          anthropic-weak:  { provider: anthropic, model: weak-1, price: { input: 1, output: 2 }, retry: { attempts: 0 } }
        routes:
          openai-gated:    { draft: { deployment: openai-weak }, validate: [ { tool_call: {} }, { json_schema: { from: request } } ], unknown: accept, escalate: { deployment: openai-plain } }
          anthropic-gated: { draft: { deployment: anthropic-weak }, validate: [ { tool_call: {} }, { json_schema: { from: request } } ], unknown: accept, escalate: { deployment: anthropic-plain } }
        """;

    private void TakeAddress(string line)
    {
        const string Before = "Listening on ";
        if (line.StartsWith(Before, StringComparison.Ordinal)) Address = line[Before.Length..].Trim();
    }
}

/// <summary>The tests that share one server.</summary>
[CollectionDefinition(Name)]
public sealed class ClientTests : ICollectionFixture<ServedGateway>
{
    public const string Name = "clients";
}
