using Countersign.Cascade.Money;

namespace Countersign.Gateway.Dispatch;

/// <summary>The price to reserve where it is not yet known which member of a pool will answer.</summary>
internal static class PoolPrice
{
    /// <summary>A price that no member exceeds, whatever the request: each figure is the dearest of all members and tiers. <c>null</c> where any member's price is unknown.</summary>
    public static Price? Dearest(IEnumerable<Price?> members)
    {
        Price? dearest = null;
        foreach (var member in members)
        {
            if (member is null) return null;
            foreach (var price in member.Tiers.Select(tier => tier.Price).Prepend(member)) dearest = dearest is null ? Flat(price) : Dearer(dearest, Flat(price));
        }

        return dearest;
    }

    // Spelled out, so that a maximum never mixes one price's default with another's explicit figure.
    private static Price Flat(Price price) => new()
    {
        Input = price.Input,
        Output = price.Output,
        CachedInput = price.CachedInput ?? price.Input,
        CacheWrite = price.CacheWrite ?? price.Input,
        LongCacheWrite = price.LongCacheWrite ?? price.CacheWrite ?? price.Input,
        Reasoning = price.Reasoning ?? price.Output,
        PerRequest = price.PerRequest,
    };

    private static Price Dearer(Price left, Price right) => new()
    {
        Input = Max(left.Input, right.Input),
        Output = Max(left.Output, right.Output),
        CachedInput = Max(left.CachedInput, right.CachedInput),
        CacheWrite = Max(left.CacheWrite, right.CacheWrite),
        LongCacheWrite = Max(left.LongCacheWrite, right.LongCacheWrite),
        Reasoning = Max(left.Reasoning, right.Reasoning),
        PerRequest = Math.Max(left.PerRequest, right.PerRequest),
    };

    private static decimal? Max(decimal? left, decimal? right) => left is { } l && right is { } r ? Math.Max(l, r) : null;
}
