using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Problems;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Pipeline;

/// <summary>Holds the snapshot that new requests begin with, and makes another when the configuration changes; running requests keep theirs.
/// The ledger is told the prices of each, before any request that they are the prices of.</summary>
internal sealed class SnapshotSource(ConfigurationSource configurations, ProviderSet providers, DeploymentLanes lanes, SqliteLedger ledger, TimeProvider time, ILogger<SnapshotSource> log)
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
            _ = RecordPricesAsync(configuration);
            return current = new GatewaySnapshot(configuration, new Dispatcher(configuration, providers.For(configuration), lanes, time, new Random()), time);
        }
    }

    private async Task RecordPricesAsync(GatewayConfiguration configuration)
    {
        try
        {
            await ledger.RecordPricesAsync(configuration.Deployments.Values);
        }
        catch (ProblemException exception)
        {
            log.PricesNotRecorded(exception);
        }
    }
}
