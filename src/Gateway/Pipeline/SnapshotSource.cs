using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers.Http;

namespace Countersign.Gateway.Pipeline;

/// <summary>Holds the configuration that new requests begin with.</summary>
internal sealed class SnapshotSource(GatewayConfiguration first, UpstreamConnections connections, DeploymentLanes lanes, TimeProvider time)
{
    private volatile GatewaySnapshot current = Make(first, connections, lanes, time);

    public GatewaySnapshot Current => current;

    /// <summary>Goes on with another configuration, in one assignment; running requests keep theirs.</summary>
    public void Replace(GatewayConfiguration configuration) => current = Make(configuration, connections, lanes, time);

    private static GatewaySnapshot Make(GatewayConfiguration configuration, UpstreamConnections connections, DeploymentLanes lanes, TimeProvider time) =>
        new(configuration, new Dispatcher(configuration, HttpProviders.Create(configuration, connections, time), lanes, time, new Random()));
}
