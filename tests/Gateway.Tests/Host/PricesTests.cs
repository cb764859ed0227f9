using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Money through the whole gateway: dated prices, tiers that move the whole request, and charges per request.</summary>
public sealed class PricesTests
{
    private const string Deployments = """
          dated:  { provider: cheap, model: m, price: [ { input: 1, output: 2 }, { valid_from: 2020-01-01, input: 3, output: 4 }, { valid_from: 2999-01-01, input: 50, output: 60 } ] }
          tiered: { provider: cheap, model: m, price: { input: 1, output: 2, above: { input_tokens: 999, input: 10, output: 20 } } }
          edge:   { provider: cheap, model: m, price: { input: 1, output: 2, above: { input_tokens: 1000, input: 10, output: 20 } } }
          charged: { provider: cheap, model: m, price: { input: 1, output: 2, per_request: 0.005 } }
          nobodys: { provider: cheap, model: m }
        """;

    [Theory] // The upstream counts 1000 in, 100 out.
    [InlineData("dated", """{"usd":0.0034,"complete":true}""")]
    [InlineData("tiered", """{"usd":0.012,"complete":true}""")]
    [InlineData("edge", """{"usd":0.0012,"complete":true}""")]
    [InlineData("charged", """{"usd":0.0062,"complete":true}""")]
    [InlineData("nobodys", """{"complete":false}""")]
    public async Task Request_CostsWhatItsPriceSaysToday(string model, string cost)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments);
        scene.Cheap.Then(Script.Raw("application/json", """{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100}}"""));
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}""");
        var trace = await scene.TraceOfAsync(response);
        Assert.Equal(cost, trace.GetProperty("attempts")[0].GetProperty("cost").GetRawText());
    }
}
