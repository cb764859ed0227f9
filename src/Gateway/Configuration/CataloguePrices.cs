using System.Collections.Frozen;
using Countersign.Cascade.Money;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Catalogue;

namespace Countersign.Gateway.Configuration;

/// <summary>List prices for deployments that declare none.</summary>
internal static class CataloguePrices
{
    /// <summary>What the <see cref="Price.Source"/> of a listed price begins with.</summary>
    public const string SourcePrefix = "catalogue: ";

    private static readonly FrozenDictionary<(string Host, string Model), IReadOnlyList<Price>> Lists = Make(ModelCatalogue.Shipped);

    /// <summary>The prices of a model at a provider, by day; empty where none is listed, or where sources disagree.</summary>
    /// <param name="provider">The provider. Behind the address of another server than its name says, nothing is known of what it charges.</param>
    /// <param name="model">The model's name there, in full: a host may sell its variants at other prices.</param>
    public static IReadOnlyList<Price> Of(ProviderOptions provider, string model)
    {
        if (provider.Server is not { } server || (KnownProviders.Find(server) is { } known && provider.BaseUrl?.Host != known.BaseUrl.Host)) return [];
        return Lists.GetValueOrDefault((server, model.ToLowerInvariant()), []);
    }

    /// <summary>Whether a price is one of these.</summary>
    public static bool IsListed(Price? price) => price?.Source?.StartsWith(SourcePrefix, StringComparison.Ordinal) == true;

    private static FrozenDictionary<(string, string), IReadOnlyList<Price>> Make(ModelCatalogue catalogue) => catalogue.Models
        .SelectMany(model => model.Prices)
        .GroupBy(price => (price.Host, price.Model.ToLowerInvariant()))
        .Where(prices => prices.All(price => price.Disputed.Count == 0))
        .ToFrozenDictionary(prices => prices.Key, IReadOnlyList<Price> (prices) => [.. prices.OrderBy(price => price.ValidFrom).Select(price => ToPrice(price, catalogue))]);

    private static Price ToPrice(CataloguePrice price, ModelCatalogue catalogue) => ToPrice(price) with
    {
        PerRequest = price.PerRequest,
        Tiers = [.. price.Tiers.Select(tier => new PriceTier(tier.AboveInputTokens, ToPrice(tier)))],
        ValidFrom = price.ValidFrom,
        Source = $"{SourcePrefix}{catalogue.Sources[price.Source]}",
    };

    private static Price ToPrice(PriceAmounts amounts) => new()
    {
        Input = amounts.Input,
        Output = amounts.Output,
        CachedInput = amounts.CachedInput,
        CacheWrite = amounts.CacheWrite,
        LongCacheWrite = amounts.LongCacheWrite,
        Reasoning = amounts.Reasoning,
    };
}
