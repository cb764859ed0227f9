using Countersign.Gateway.Configuration;

namespace Countersign.Gateway.Dispatch;

/// <summary>Turns the targets of an attempt into the deployments to ask, in order.</summary>
internal sealed class TargetOrder(GatewayConfiguration configuration, Random random)
{
    /// <summary>The deployments behind <paramref name="targets"/>, each once, in the order to be asked: targets as given; of a pool the member drawn by weight, then the others as listed.
    /// A name that is neither is left out.</summary>
    public IReadOnlyList<Deployment> Resolve(IReadOnlyList<string> targets)
    {
        if (targets.Count == 1 && configuration.FindDeployment(targets[0]) is { } only) return [only];
        var order = new List<Deployment>();
        foreach (string target in targets)
        {
            if (configuration.Pools.TryGetValue(target, out var pool)) AddPool(order, pool);
            else Add(order, target);
        }

        return order;
    }

    private void AddPool(List<Deployment> order, Pool pool)
    {
        if (Draw(pool.Members) is { } first) Add(order, first.Deployment);
        foreach (var member in pool.Members) Add(order, member.Deployment);
    }

    private void Add(List<Deployment> order, string name)
    {
        if (configuration.FindDeployment(name) is { } deployment && !order.Contains(deployment)) order.Add(deployment);
    }

    private PoolMember? Draw(IReadOnlyList<PoolMember> members)
    {
        double drawn = NextRandom() * members.Sum(member => member.Weight);
        foreach (var member in members)
        {
            drawn -= member.Weight;
            if (drawn < 0) return member;
        }

        return null;
    }

    private double NextRandom()
    {
        lock (random) return random.NextDouble();
    }
}
