using Countersign.Gateway.Configuration;
using Countersign.Gateway.Providers.Engine;
using Countersign.Gateway.Providers.Http;
using Countersign.Gateway.Providers.Raw;
using Countersign.Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Providers;

/// <summary>Who makes the calls. Lives as long as the server: connections and loaded models outlast a change of configuration, where it leaves them as they are.</summary>
internal sealed class ProviderSet(UpstreamConnections connections, TimeProvider time, ILogger<EngineProvider> log, GatewayMetrics metrics) : IDisposable
{
    private readonly Lock gate = new();
    private Dictionary<EngineOptions, EngineProvider> engines = [];

    /// <summary>The providers of a configuration, by name. Engine providers that it no longer has unload their models when their last calls have ended.</summary>
    public Dictionary<string, IProvider> For(GatewayConfiguration configuration)
    {
        lock (gate)
        {
            var before = engines;
            var options = configuration.Providers.Values.Where(provider => provider.Api == ProviderApi.Engine).ToDictionary(provider => provider.Name, provider => provider.Engine);
            engines = options.Values.Distinct().ToDictionary(engine => engine, engine => before.GetValueOrDefault(engine) ?? new EngineProvider(engine, time, log, metrics));
            foreach (var gone in before.Where(pair => !engines.ContainsKey(pair.Key))) gone.Value.Retire();

            var providers = configuration.Providers.Values.Where(provider => provider.Api != ProviderApi.Engine)
                .ToDictionary(provider => provider.Name, IProvider (provider) => provider.Api == ProviderApi.Completions ? new CompletionProvider(provider, connections, time) : new HttpProvider(provider, connections, time));
            foreach (var (name, engine) in options) providers[name] = engines[engine];
            return providers;
        }
    }

    /// <summary>Unloads all models.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            foreach (var engine in engines.Values) engine.Dispose();
        }
    }
}
