using Countersign.Cascade.Money;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Dispatch;

namespace Countersign.Gateway.Tests.Configuration;

/// <summary>Deployments without a price take the catalogue's where it is unambiguous.</summary>
public sealed class CataloguePricesTests
{
    private const string Clouds = """
        providers:
          anthropic:  { api: anthropic, key: k }
          openai:     { api: openai, key: k }
          openrouter: { api: openai, server: openrouter, key: k }
          proxy:      { api: openai, server: openai, base_url: http://127.0.0.1:9/v1 }
          fleet:      { api: openai, server: vllm, base_url: http://gpu-1:8000/v1 }
        deployments:
          sonnet:    { provider: anthropic, model: claude-sonnet-5 }
          declared:  { provider: anthropic, model: claude-sonnet-5, price: { input: 1, output: 2 } }
          disputed:  { provider: openai, model: gpt-5.6-terra }
          proxied:   { provider: proxy, model: gpt-5 }
          own:       { provider: fleet, model: Qwen/Qwen3-30B-A3B }
          variant:   { provider: openrouter, model: "qwen/qwen3-coder:free" }
          large:     { provider: openai, model: gpt-5.6-sol }
        """;

    private static readonly GatewayConfiguration Configuration = Loading.Good(Clouds);

    [Theory]
    [InlineData("2026-08-31", 2, 10)]
    [InlineData("2026-09-01", 3, 15)]
    public void Price_NotDeclared_IsTheCataloguesOfTheDay(string day, int input, int output)
    {
        var price = Price("sonnet", day)!;

        Assert.Equal((input, output), (price.Input, price.Output));
        Assert.StartsWith("catalogue: pydantic/genai-prices", price.Source, StringComparison.Ordinal);
        Assert.True(CataloguePrices.IsListed(price));
    }

    [Fact]
    public void Price_Declared_WinsAndIsNotMarked()
    {
        Assert.Equal(1, Price("declared")!.Input);
        Assert.False(CataloguePrices.IsListed(Price("declared")));
    }

    [Theory]
    [InlineData("disputed")] // sources disagree
    [InlineData("proxied")] // OpenAI's name, another address
    [InlineData("own")] // our own machines have no list price
    [InlineData("variant")] // a variant may have another price
    public void Price_WhereTheCatalogueCannotTell_StaysUnknown(string deployment) => Assert.Null(Price(deployment));

    [Fact]
    public void Price_OfAModelThatOnlyARequestNames_IsTheCatalogues() => Assert.Equal(1.25m, Configuration.FindDeployment("openai/gpt-5")!.PriceOn(new DateOnly(2026, 11, 25))!.Input);

    [Fact]
    public void Price_WithTiers_MovesTheWholeRequest()
    {
        var tier = Assert.Single(Price("large")!.Tiers);

        Assert.Equal((272_000, 10m, 45m), (tier.AboveInputTokens, tier.Price.Input, tier.Price.Output));
        Assert.Equal(3_000_000m / 1_000_000 + 0.45m, Price("large")!.CostOf(new() { InputTokens = 300_000, OutputTokens = 10_000 }).Usd);
    }

    [Fact]
    public void RoutePlan_WithListPrices_SaysSo()
    {
        var configuration = Loading.Good(Clouds + "\nroutes:\n  plain: { draft: { deployment: sonnet } }\n");

        var worst = RoutePlan.Describe(configuration, configuration.Routes["plain"], 1000, new DateOnly(2026, 11, 25)).Single(line => line.Step == "worst case");

        Assert.EndsWith("list prices from the catalogue for sonnet", worst.Text, StringComparison.Ordinal);
    }

    private static Price? Price(string deployment, string day = "2026-11-25") => Configuration.Deployments[deployment].PriceOn(DateOnly.ParseExact(day, "yyyy-MM-dd"));
}
