using Countersign.Cascade.Money;
using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>What a deployment charges, in US dollars per million tokens.</summary>
internal static class PriceSection
{
    private static readonly ObjectShape<PriceTier> Tier = Rates(new ObjectShape<PriceTier>("The price of large requests.", _ => new PriceTier(0, new Price())), o => o.Price, (o, price) => o with { Price = price })
        .Required("input_tokens", "The tier holds where the input has more tokens than this.", Scalars.Integer(1, int.MaxValue), (o, tokens) => o with { AboveInputTokens = tokens });

    private static readonly ObjectShape<Price> Price = Rates(new ObjectShape<Price>("What it charges, in US dollars per million tokens.", _ => new Price()), o => o, (_, price) => price)
        .Optional("per_request", "US dollars a request.", Scalars.Usd, (o, usd) => o with { PerRequest = usd ?? 0 })
        .Optional("above", "Other prices for large requests; the whole request moves to the last tier that it exceeds.", new ListShape<PriceTier>(Tier, alsoSingle: true), (o, tiers) => o with { Tiers = [.. tiers.OrderBy(tier => tier.AboveInputTokens)] })
        .Optional("valid_from", "The first day at which it holds (UTC).", Scalars.Day, (o, day) => o with { ValidFrom = day })
        .Optional("source", "Where it was read.", Scalars.Text, (o, source) => o with { Source = source });

    /// <summary>One price, or several that follow each other.</summary>
    public static readonly Shape<IReadOnlyList<Price>> Prices = new ListShape<Price>(Price, alsoSingle: true);

    private static ObjectShape<T> Rates<T>(ObjectShape<T> shape, Func<T, Price> get, Func<T, Price, T> set) => shape
        .Optional("input", "Input tokens.", Scalars.Usd, (o, usd) => set(o, get(o) with { Input = usd }))
        .Optional("output", "Output tokens.", Scalars.Usd, (o, usd) => set(o, get(o) with { Output = usd }))
        .Optional("cached_input", "Input tokens that a prompt cache answered; as input where it is left out.", Scalars.Usd, (o, usd) => set(o, get(o) with { CachedInput = usd }))
        .Optional("cache_write", "Input tokens written to a cache of about five minutes; as input where it is left out.", Scalars.Usd, (o, usd) => set(o, get(o) with { CacheWrite = usd }))
        .Optional("long_cache_write", "Input tokens written to a cache of about an hour; as cache_write where it is left out.", Scalars.Usd, (o, usd) => set(o, get(o) with { LongCacheWrite = usd }))
        .Optional("reasoning", "Reasoning tokens; as output where it is left out.", Scalars.Usd, (o, usd) => set(o, get(o) with { Reasoning = usd }));
}
