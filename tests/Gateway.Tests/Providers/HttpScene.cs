using Microsoft.Extensions.Logging.Abstractions;
using System.Text;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Providers.Http;
using Countersign.Gateway.Tests.Upstreams;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Tests.Providers;

/// <summary>The deployment <c>d</c> at one fake upstream, reached over real HTTP, with the dispatch before it.</summary>
internal sealed class HttpScene : IAsyncDisposable
{
    public const string Key = "sk-very-secret-key";

    private readonly UpstreamConnections connections = new();

    private HttpScene(FakeUpstream upstream) => Upstream = upstream;

    public FakeUpstream Upstream { get; }
    public RequestTrace Trace { get; } = new();
    public TimeoutOptions Timeouts { get; set; } = new();
    public RetryOptions Retry { get; set; } = new() { Attempts = 0 };
    public ProviderApi Api { get; set; } = ProviderApi.OpenAi;
    public string? Server { get; set; }
    public string Model { get; set; } = "upstream-model";
    public string? Template { get; set; }
    public Uri? BaseUrl { get; set; }

    public AttemptRecord Record => Trace.Attempts[^1];

    public static async Task<HttpScene> StartAsync() => new(await FakeUpstream.StartAsync());

    public Dispatcher Build()
    {
        var provider = new ProviderOptions { Name = "up", Api = Api, Server = Server, BaseUrl = BaseUrl ?? Upstream.BaseUrl, Key = Key, Headers = new Dictionary<string, string> { ["x-team"] = "blue-team" } };
        var deployment = new Deployment { Name = "d", Provider = "up", Model = Model, Template = Template, Timeouts = Timeouts, Retry = Retry, Prices = [new Price { Input = 1, CachedInput = 0, Output = 10 }] };
        var configuration = new GatewayConfiguration
        {
            Version = "1",
            Providers = new Dictionary<string, ProviderOptions> { ["up"] = provider },
            Deployments = new Dictionary<string, Deployment> { ["d"] = deployment },
        };
        return new Dispatcher(configuration, new ProviderSet(connections, TimeProvider.System, NullLogger<Countersign.Gateway.Providers.Engine.EngineProvider>.Instance, new Countersign.Gateway.Telemetry.GatewayMetrics()).For(configuration), new DeploymentLanes(TimeProvider.System), TimeProvider.System, new Random(1));
    }

    /// <summary>Asks, and copies what passes through.</summary>
    public async Task<List<ChatEvent>> AskAsync(AttemptRequest attempt)
    {
        var events = new List<ChatEvent>();
        await foreach (var e in Build().AttemptAsync(attempt, Trace, TestContext.Current.CancellationToken))
            events.Add(e is WireFrames frames ? frames with { Bytes = frames.Bytes.ToArray() } : e);
        return events;
    }

    public static WireRequest Wire(WireApiKind api, bool stream, string more = "") => WireRequestScanner.Scan(api, Encoding.UTF8.GetBytes(api switch
    {
        WireApiKind.OpenAiResponses => $$"""{"model":"d","input":"hi","stream":{{Json(stream)}}{{more}}}""",
        _ => $$"""{"model":"d","max_tokens":64,"messages":[{"role":"user","content":"hi"}],"stream":{{Json(stream)}}{{more}}}""",
    }));

    /// <summary>An attempt that is judged: it is read into events.</summary>
    public static AttemptRequest Judged(WireApiKind api, bool stream, string more = "") => new() { Request = Wire(api, stream, more).Parsed, Targets = ["d"], Purpose = AttemptPurpose.Draft };

    /// <summary>An attempt that nothing judges.</summary>
    public static AttemptRequest Passed(WireApiKind api, bool stream, string more = "") => new() { PassThrough = Wire(api, stream, more), Targets = ["d"], Purpose = AttemptPurpose.Plain };

    public async ValueTask DisposeAsync()
    {
        connections.Dispose();
        await Upstream.DisposeAsync();
    }

    private static string Json(bool value) => value ? "true" : "false";
}
