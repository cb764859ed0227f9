using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Money;

/// <summary>What a deployment charges, in US dollars per million tokens. <c>null</c> is unknown, never free.
/// Where a separate price is not given, the tokens count at the price they would have without it: cached and cache-write tokens as input, reasoning as output.</summary>
public sealed record Price
{
    /// <summary>Input tokens.</summary>
    public decimal? Input { get; init; }

    /// <summary>Output tokens.</summary>
    public decimal? Output { get; init; }

    /// <summary>Input tokens that a prompt cache answered.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>Input tokens written to a cache of about five minutes.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Input tokens written to a cache of about an hour.</summary>
    public decimal? LongCacheWrite { get; init; }

    /// <summary>Reasoning tokens.</summary>
    public decimal? Reasoning { get; init; }

    /// <summary>A charge per request, in US dollars.</summary>
    public decimal PerRequest { get; init; }

    /// <summary>The price where the input has more than so many tokens; the whole request moves to the last tier it exceeds. Ascending by <see cref="PriceTier.AboveInputTokens"/>.</summary>
    public IReadOnlyList<PriceTier> Tiers { get; init; } = [];

    /// <summary>The first day at which it holds; <c>null</c>: always.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>Where it was read.</summary>
    public string? Source { get; init; }

    /// <summary>What <paramref name="usage"/> costs. Incomplete where a needed figure or price is unknown.</summary>
    public Cost CostOf(Usage? usage)
    {
        if (usage?.InputTokens is not { } input || usage.OutputTokens is not { } output) return new Cost(PerRequest, false);
        var tier = TierOf(input);
        long cached = usage.CachedInputTokens ?? 0, written = usage.CacheWriteTokens ?? 0, longWritten = usage.LongCacheWriteTokens ?? 0, reasoning = usage.ReasoningTokens ?? 0;
        var sum = Cost.Of(PerRequest)
            + Charge(Math.Max(0, input - cached - written - longWritten), tier.Input)
            + Charge(cached, tier.CachedInput ?? tier.Input)
            + Charge(written, tier.CacheWrite ?? tier.Input)
            + Charge(longWritten, tier.LongCacheWrite ?? tier.CacheWrite ?? tier.Input)
            + Charge(Math.Max(0, output - reasoning), tier.Output)
            + Charge(reasoning, tier.Reasoning ?? tier.Output);
        return usage.OtherTokens > 0 ? sum + Cost.Unknown : sum; // Nobody says what they cost.
    }

    /// <summary>What a prompt cache saved against the input price, in US dollars: less than zero where writing cost more than reading saved.
    /// <c>null</c> where the upstream does not say what its cache did, or a price is unknown.</summary>
    public decimal? SavedByCache(Usage? usage)
    {
        if (usage is not { InputTokens: { } input } || (usage.CachedInputTokens ?? usage.CacheWriteTokens ?? usage.LongCacheWriteTokens) is null) return null;
        var tier = TierOf(input);
        return Saved(usage.CachedInputTokens, tier.CachedInput) + Saved(usage.CacheWriteTokens, tier.CacheWrite) + Saved(usage.LongCacheWriteTokens, tier.LongCacheWrite);

        decimal? Saved(long? tokens, decimal? price) => tokens is null or 0 ? 0 : tokens * (tier.Input - price) / 1_000_000m;
    }

    /// <summary>The most that so many tokens can cost, however they are cached or thought: each counts at the dearest price and tier that it may fall under.</summary>
    internal Cost UpperCostOf(long inputTokens, long outputTokens)
    {
        decimal? input = 0, output = 0;
        foreach (var price in Tiers.Where(tier => inputTokens > tier.AboveInputTokens).Select(tier => tier.Price).Prepend(this))
        {
            input = Dearest(input, price.Input, price.CacheWrite, price.LongCacheWrite);
            output = Dearest(output, price.Output, price.Reasoning);
        }

        return Cost.Of(PerRequest) + Charge(inputTokens, input) + Charge(outputTokens, output);
    }

    private Price TierOf(long input) => Tiers.LastOrDefault(tier => input > tier.AboveInputTokens)?.Price ?? this;

    // The first of the prices is the one that the others fall back to: without it nothing is known.
    private static decimal? Dearest(decimal? soFar, decimal? price, params ReadOnlySpan<decimal?> others)
    {
        if (soFar is not { } dearest || price is not { } known) return null;
        dearest = Math.Max(dearest, known);
        foreach (decimal? other in others) dearest = Math.Max(dearest, other ?? 0);
        return dearest;
    }

    private static Cost Charge(long tokens, decimal? usdPerMillion) =>
        tokens == 0 ? Cost.Zero : usdPerMillion is { } price ? Cost.Of(tokens * price / 1_000_000m) : Cost.Unknown;
}

/// <summary>A price for large requests.</summary>
/// <param name="AboveInputTokens">The tier holds where the input has more tokens than this.</param>
/// <param name="Price">Its prices; <see cref="Money.Price.PerRequest"/> and nested tiers are not looked at.</param>
public sealed record PriceTier(long AboveInputTokens, Price Price);
