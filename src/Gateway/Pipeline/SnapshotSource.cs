using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Pipeline;

/// <summary>Holds the snapshot that new requests begin with, and makes another when the configuration changes; running requests keep theirs.</summary>
internal sealed class SnapshotSource(ConfigurationSource configurations, ProviderSet providers, DeploymentLanes lanes, TimeProvider time)
{
    private readonly Lock gate = new();
    private volatile GatewaySnapshot? current;

    public GatewaySnapshot Current => current is { } snapshot && ReferenceEquals(snapshot.Configuration, configurations.Current) ? snapshot : Renew();

    private GatewaySnapshot Renew()
    {
        lock (gate)
        {
            var configuration = configurations.Current;
            if (current is { } made && ReferenceEquals(made.Configuration, configuration)) return made;
            return current = new GatewaySnapshot(configuration, new Dispatcher(configuration, providers.For(configuration), lanes, time, new Random()));
        }
    }
}
