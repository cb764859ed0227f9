using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Tests.Ledger;
using Countersign.Gateway.Tests.Upstreams;
using Microsoft.Extensions.Logging.Abstractions;

namespace Countersign.Gateway.Tests.Host;

/// <summary>The whole gateway in this process, on a port of its own, before fake upstreams <c>cheap</c> and <c>strong</c>.</summary>
internal sealed class GatewayScene : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private GatewayHost host = null!;

    public FakeUpstream Cheap { get; private set; } = null!;

    public FakeUpstream Strong { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public string? AccessNote => host.AccessNote;

    /// <summary>Where the ledger lives.</summary>
    public string Folder => Path.GetDirectoryName(folder.File("x"))!;

    /// <param name="more">YAML that is appended to providers and deployments: routes, callers, limits.</param>
    /// <param name="api">The API that the upstreams are configured to speak.</param>
    /// <param name="server">The server that the upstreams are said to be.</param>
    /// <param name="template">The file of their chat template, where they take prompts as text.</param>
    /// <param name="strongApi">The API of <c>strong</c>, where it is another one.</param>
    /// <param name="variable">The environment's variables; <c>null</c>: there are none.</param>
    public static async Task<GatewayScene> StartAsync(string more = "", string api = "openai", string? server = null, string? template = null, Func<string, string?>? variable = null, string? strongApi = null)
    {
        var scene = new GatewayScene { Cheap = await FakeUpstream.StartAsync(), Strong = await FakeUpstream.StartAsync() };
        string kind = server is null ? $"api: {api}" : $"api: {api}, server: {server}";
        string prompts = template is null ? "" : $", template: {template}";
        string yaml = $$"""
            server: { listen: "127.0.0.1:0", keep_alive: 200ms, max_body: 1MiB }
            ledger: { path: {{scene.folder.File("ledger.db")}} }
            providers:
              cheap:  { {{kind}}, base_url: "{{scene.Cheap.BaseUrl}}", key: sk-upstream-secret }
              strong: { {{(strongApi is null ? kind : $"api: {strongApi}")}}, base_url: "{{scene.Strong.BaseUrl}}" }
            deployments:
              small: { provider: cheap, model: small-1, price: { input: 1, output: 2 }, retry: { attempts: 0 }{{prompts}} }
              large: { provider: strong, model: large-1, price: { input: 10, output: 20 }, retry: { attempts: 0 }{{prompts}} }
            """ + "\n" + more;
        var loaded = ConfigurationLoader.LoadText(yaml, "test.yaml", new ConfigurationEnvironment(variable ?? (_ => null), scene.Folder));
        Assert.Empty(loaded.Problems);
        scene.host = await GatewayHost.StartAsync(new ConfigurationSource(loaded.Configuration!, NullLogger<ConfigurationSource>.Instance), null, NullLoggerFactory.Instance, CancellationToken.None);
        scene.Client = new HttpClient { BaseAddress = new Uri(scene.host.Address) };
        return scene;
    }

    public Task<HttpResponseMessage> PostAsync(string path, string json) => PostAsync(path, Encoding.UTF8.GetBytes(json));

    public async Task<HttpResponseMessage> PostAsync(string path, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return await Client.PostAsync(path, content);
    }

    /// <summary>The request's stored trace, as <c>GET /v1/requests/{id}</c> gives it.</summary>
    public async Task<JsonElement> TraceOfAsync(HttpResponseMessage response)
    {
        string id = response.Headers.GetValues("x-countersign-request-id").Single();
        return await JsonOfAsync(await Client.GetAsync($"/v1/requests/{id}"));
    }

    /// <summary>The first line of the metrics that begins so; a request is counted once its answer is on its way, so the line is waited for.</summary>
    public Task<string> MetricAsync(string beginning) => Eventually.GetAsync(
        async () => (await Client.GetStringAsync("/metrics")).Split('\n').FirstOrDefault(line => line.StartsWith(beginning, StringComparison.Ordinal)),
        $"The metrics never had `{beginning}`.");

    public static async Task<JsonElement> JsonOfAsync(HttpResponseMessage response) => JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await host.DisposeAsync();
        await Cheap.DisposeAsync();
        await Strong.DisposeAsync();
        folder.Dispose();
    }
}
