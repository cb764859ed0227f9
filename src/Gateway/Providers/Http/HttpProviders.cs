using Countersign.Gateway.Configuration;

namespace Countersign.Gateway.Providers.Http;

/// <summary>The providers of a configuration that are reached over HTTP.</summary>
internal static class HttpProviders
{
    /// <summary>Makes them, by name; connections live on in <paramref name="connections"/>.</summary>
    public static Dictionary<string, IProvider> Create(GatewayConfiguration configuration, UpstreamConnections connections, TimeProvider time) =>
        configuration.Providers.Values.Where(provider => provider.Api != ProviderApi.Engine)
            .ToDictionary(provider => provider.Name, IProvider (provider) => new HttpProvider(provider, connections, time));
}
