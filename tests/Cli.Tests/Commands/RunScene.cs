using System.Text.Json;
using Countersign.Cli.Tests.Clients;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Cli.Tests.Commands;

/// <summary>A batch in a folder of its own, a route that checks, and an upstream that answers by a script.</summary>
public abstract class RunScene : IAsyncLifetime
{
    private protected string Folder { get; } = Directory.CreateTempSubdirectory("countersign-run-").FullName;

    private protected FakeUpstream Upstream { get; private set; } = null!;

    private protected string Input => Path.Combine(Folder, "in.jsonl");

    private protected string Output => Path.Combine(Folder, "out.jsonl");

    private protected string Config => Path.Combine(Folder, "countersign.yaml");

    private protected string[] Order => OrderTo(Output);

    public async ValueTask InitializeAsync()
    {
        Upstream = (await FakeUpstream.StartAsync()).Then(ScriptedModel.AnswerAsync);
        await File.WriteAllTextAsync(Config, $$"""
            ledger: { path: {{Path.Combine(Folder, "ledger.db")}} }
            providers: { up: { api: openai, base_url: "{{Upstream.BaseUrl}}" } }
            deployments: { small: { provider: up, model: strong-1, price: { input: 1, output: 2 }, retry: { attempts: 0 } } }
            routes: { checked: { draft: { deployment: small }, validate: [ { contains: { all: [Hello] } } ] } }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await Upstream.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>The command line with another output.</summary>
    private protected string[] OrderTo(string output) => ["run", "checked", Input, "-o", output, "--config", Config];

    private protected Dictionary<string, JsonElement> Answers() =>
        File.ReadLines(Output).Select(line => JsonDocument.Parse(line).RootElement).ToDictionary(line => line.GetProperty("custom_id").GetString()!);

    private protected static string Line(string id, string text) => $$"""{"custom_id":"{{id}}","body":{"max_tokens":50,"messages":[{"role":"user","content":"{{text}}"}]} }""";
}
