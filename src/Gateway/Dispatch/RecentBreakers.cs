namespace Countersign.Gateway.Dispatch;

/// <summary>A breaker for each of a provider's undeclared models that was asked lately: that one of them fails says nothing of the others. Callers choose their names, so that there is a bound;
/// a model that is forgotten counts as healthy. Thread-safe.</summary>
internal sealed class RecentBreakers(BreakerOptions options, TimeProvider time)
{
    /// <summary>As many as are remembered.</summary>
    public const int Most = 256;

    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Breaker>> byName = [];
    private readonly LinkedList<Breaker> byUse = []; // The one asked last comes first.

    /// <summary>The breaker of a deployment.</summary>
    public Breaker Of(string deployment)
    {
        lock (gate)
        {
            if (byName.TryGetValue(deployment, out var node)) byUse.Remove(node);
            else byName[deployment] = node = new LinkedListNode<Breaker>(new Breaker(deployment, options, time));
            byUse.AddFirst(node);
            if (byUse.Count > Most) Forget(byUse.Last!);
            return node.Value;
        }
    }

    private void Forget(LinkedListNode<Breaker> node)
    {
        byUse.Remove(node);
        byName.Remove(node.Value.Deployment);
    }
}
