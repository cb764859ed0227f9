using System.Net;
using Countersign.Cascade.Running;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Endpoints;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Gateway.Limits;
using Countersign.Gateway.Pipeline;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Providers.Http;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway;

/// <summary>The server: every service and every URL on one screen.</summary>
public sealed class GatewayHost : IAsyncDisposable
{
    private readonly WebApplication app;

    private GatewayHost(WebApplication app) => this.app = app;

    /// <summary>Where it listens, such as <c>http://127.0.0.1:8080</c>.</summary>
    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    /// <summary>Who may ask, where that is not those who have a key, for people; <c>null</c>: those who have one.</summary>
    public string? AccessNote
    {
        get
        {
            var (access, declared) = (app.Services.GetRequiredService<AccessControl>(), app.Services.GetRequiredService<SnapshotSource>().Current.Keys);
            if (access.IsOpen(declared)) return "No key is configured: it listens on this machine only, and everybody here may ask. 'countersign keys create NAME' makes a key.";
            return access.HasKeys || declared.AreDeclared ? null : "No key exists yet, so every request is refused. 'countersign keys create NAME' makes one.";
        }
    }

    internal IServiceProvider Services => app.Services;

    /// <summary>Starts to listen. Requests follow the configuration as it changes; where the server listens and where the ledger lives does not change.</summary>
    /// <param name="configurations">The configuration in force.</param>
    /// <param name="listen">Where to listen, in place of what the configuration says; <c>null</c>: there.</param>
    /// <param name="logs">Takes what the server logs; the caller's to dispose of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Protocol.Problems.ProblemException">The ledger cannot be opened.</exception>
    /// <exception cref="IOException">The address is in use.</exception>
    public static async Task<GatewayHost> StartAsync(ConfigurationSource configurations, string? listen, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        var configuration = configurations.Current;
        var address = ListenAddress.Parse(listen ?? configuration.Server.Listen)!.Value;
        var opening = Task.Run(() => SqliteLedger.Open(configuration.Ledger.Path, TimeProvider.System, logs.CreateLogger<SqliteLedger>()), cancellationToken); // Meanwhile: both take their time.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        AddServices(builder.Services, configurations, address, opening);
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // The pipeline has its own limit and its own error.
            Listen(kestrel, address);
        });
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.UnsafePreferInlineScheduling = true); // See SocketThreads.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = configuration.Server.Drain);
        await opening;
        var host = new GatewayHost(builder.Build());
        Map(host.app);
        host.app.Services.GetService<OtlpExport>(); // Lives as long as the server.
        _ = host.app.Services.GetRequiredService<SnapshotSource>().Current; // Not at the expense of the first request.
        await host.app.StartAsync(cancellationToken);
        return host;
    }

    /// <summary>Ends when the process is told to stop and running requests have ended.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops listening, lets running requests end, closes the ledger.</summary>
    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress address)
    {
        if (address.Host == "localhost") kestrel.ListenLocalhost(address.Port);
        else if (address.Host == "*") kestrel.ListenAnyIP(address.Port);
        else kestrel.Listen(IPAddress.Parse(address.Host), address.Port);
    }

    internal static void AddServices(IServiceCollection services, ConfigurationSource configurations, ListenAddress address, Task<SqliteLedger> ledger)
    {
        var configuration = configurations.Current;
        services.AddRoutingCore();
        services.AddSingleton(TimeProvider.System).AddSingleton(configurations);
        services.AddSingleton(_ => ledger.GetAwaiter().GetResult());
        services.AddSingleton<GatewayMetrics>().AddSingleton<PrometheusText>().AddSingleton<GatewayTracing>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<AccessControl>(provider, address.IsLoopback));
        services.AddSingleton<Limiter>();
        services.AddSingleton<UpstreamConnections>().AddSingleton<ProviderSet>().AddSingleton<DeploymentLanes>().AddSingleton<SnapshotSource>().AddSingleton<CascadeRunner>();
        services.AddSingleton<EventLoop>().AddSingleton<Settlement>().AddSingleton<RequestPipeline>().AddSingleton<Readiness>();
        services.AddSingleton<ApiEndpoint>().AddSingleton<CountTokensEndpoint>().AddSingleton<TokenizerEndpoints>().AddSingleton<ModelsEndpoint>().AddSingleton<OutcomesEndpoint>().AddSingleton<RequestsEndpoint>().AddSingleton<HealthEndpoints>().AddSingleton<NoSuchEndpoint>();
        if (configuration.Server.OtlpEndpoint is { } otlp) services.AddSingleton(_ => new OtlpExport(otlp));
    }

    private static void Map(WebApplication app)
    {
        var pipeline = app.Services.GetRequiredService<RequestPipeline>();
        app.MapPost("/v1/chat/completions", http => pipeline.ChatAsync(http, WireApiKind.OpenAiChat));
        app.MapPost("/v1/responses", http => pipeline.ChatAsync(http, WireApiKind.OpenAiResponses));
        app.MapPost("/v1/messages", http => pipeline.ChatAsync(http, WireApiKind.AnthropicMessages));
        app.MapPost("/v1/messages/count_tokens", app.Services.GetRequiredService<CountTokensEndpoint>().RunAsync);
        app.MapPost("/v1/completions", pipeline.CompleteAsync);
        app.MapPost("/v1/embeddings", pipeline.EmbedAsync);

        var tokenizer = app.Services.GetRequiredService<TokenizerEndpoints>();
        app.MapPost("/tokenize", tokenizer.TokenizeAsync);
        app.MapPost("/detokenize", tokenizer.DetokenizeAsync);
        app.MapPost("/apply-template", tokenizer.ApplyTemplateAsync);

        var models = app.Services.GetRequiredService<ModelsEndpoint>();
        Get(app, "/v1/models", models.ListAsync);
        Get(app, "/v1/models/{**id}", models.GetAsync);

        app.MapPost("/v1/outcomes", app.Services.GetRequiredService<OutcomesEndpoint>().RunAsync);
        Get(app, "/v1/requests/{id}", app.Services.GetRequiredService<RequestsEndpoint>().RunAsync);

        var health = app.Services.GetRequiredService<HealthEndpoints>();
        Get(app, "/healthz", health.LiveAsync);
        Get(app, "/readyz", health.ReadyAsync);
        Get(app, "/metrics", health.MetricsAsync);
        app.Map("/{**path}", app.Services.GetRequiredService<NoSuchEndpoint>().RunAsync);
    }

    /// <summary>HEAD is GET without the body (RFC 9110, 9.3.2): the server leaves that out.</summary>
    private static void Get(WebApplication app, string pattern, RequestDelegate handler) => app.MapMethods(pattern, ["GET", "HEAD"], handler);
}
