using System.Text.Json;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Tests.Ledger;
using Countersign.Tests;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Gateway.Tests.Host;

/// <summary>The whole gateway in this process, on the weights that ship. One for a test class, as loading takes a moment.</summary>
public sealed class EngineScene : IAsyncLifetime
{
    public const string Chat = "SmolLM2-135M-Instruct.Q4_1";
    public const string Embedder = "all-MiniLM-L6-v2-Q8_0";

    private readonly TemporaryFolder folder = new();
    private GatewayHost host = null!;

    public HttpClient Client { get; private set; } = null!;

    public static string Models => Path.Combine(SharedData.RepositoryRoot, "models");

    public async ValueTask InitializeAsync()
    {
        string yaml = $$"""
            server: { listen: "127.0.0.1:0" }
            ledger: { path: {{folder.File("ledger.db")}} }
            providers: { local: { api: engine, models: {{Models}}, threads: 2, ctx_size: 1024 } }
            deployments:
              short:   { provider: local, model: {{Chat}}, context_length: 40, price: { input: 1, output: 2 } }
              drafted: { provider: local, model: {{Chat}}, draft_model: {{Chat}}, draft_max: 4 }
            """;
        var loaded = ConfigurationLoader.LoadText(yaml, "test.yaml", new ConfigurationEnvironment(_ => null, Models));
        Assert.Empty(loaded.Problems);
        host = await GatewayHost.StartAsync(new ConfigurationSource(loaded.Configuration!, NullLogger<ConfigurationSource>.Instance), null, NullLoggerFactory.Instance, CancellationToken.None);
        Client = new HttpClient { BaseAddress = new Uri(host.Address) };
    }

    internal async Task<(HttpResponseMessage Response, string Text)> PostAsync(string path, string json)
    {
        var response = await Client.PostAsync(path, new StringContent(json, System.Text.Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);
        return (response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    internal async Task<JsonElement> TraceOfAsync(HttpResponseMessage response)
    {
        string id = response.Headers.GetValues("x-countersign-request-id").Single();
        return JsonDocument.Parse(await Client.GetStringAsync($"/v1/requests/{id}")).RootElement;
    }

    /// <summary>The lines of a reference file that ships beside the weights.</summary>
    internal static JsonElement[] Reference(string name) => [.. File.ReadLines(Path.Combine(Models, name)).Where(line => line.Length > 0).Select(line => JsonDocument.Parse(line).RootElement)];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
        folder.Dispose();
    }
}
