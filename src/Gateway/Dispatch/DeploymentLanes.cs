using System.Collections.Frozen;
using Countersign.Gateway.Configuration;

namespace Countersign.Gateway.Dispatch;

/// <summary>The lanes of all deployments; lives as long as the server, while configurations come and go.</summary>
internal sealed class DeploymentLanes(TimeProvider time)
{
    private readonly Lock gate = new();
    private FrozenDictionary<string, DeploymentLane> current = FrozenDictionary<string, DeploymentLane>.Empty;

    /// <summary>The lanes for a new configuration, by deployment name: the ones in use where the deployment is still the same. Others are forgotten once their calls end.</summary>
    public FrozenDictionary<string, DeploymentLane> For(GatewayConfiguration configuration)
    {
        lock (gate)
        {
            var before = current;
            current = configuration.Deployments.Values.Concat(configuration.Providers.Keys.Select(Undeclared)).ToFrozenDictionary(deployment => deployment.Name, deployment =>
            {
                var identity = IdentityOf(deployment, configuration);
                return before.TryGetValue(deployment.Name, out var lane) && lane.Identity == identity ? lane : new DeploymentLane(identity, time);
            });
            return current;
        }
    }

    /// <summary>The name of the one lane that all of a provider's undeclared models share: callers choose their names, so that places for each would bound nothing.</summary>
    public static string NameOfUndeclared(string provider) => $"{provider}/*";

    private static Deployment Undeclared(string provider) => new() { Name = NameOfUndeclared(provider), Provider = provider, Model = "*" };

    private static LaneIdentity IdentityOf(Deployment deployment, GatewayConfiguration configuration) => new(
        deployment.Name,
        deployment.Provider,
        configuration.Providers.GetValueOrDefault(deployment.Provider)?.BaseUrl,
        deployment.Model,
        deployment.Concurrency,
        deployment.Breaker);
}
