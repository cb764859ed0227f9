using Countersign.Gateway.Configuration;
using Countersign.Gateway.Tests.Host;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Telemetry;

/// <summary>What a collector gets.</summary>
public sealed class OtlpExportTests
{
    private const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    [Fact]
    public async Task Request_WhereACollectorIsNamed_SendsItsSpansAndMetrics()
    {
        await using var collector = (await FakeUpstream.StartAsync()).Then(Script.Raw("application/x-protobuf", ""));
        string address = collector.BaseUrl.GetLeftPart(UriPartial.Authority);
        const string Route = "routes: { gated: { draft: { deployment: small }, validate: [ { length: { min: 1 } } ] } }";
        await using (var scene = await GatewayScene.StartAsync(Route, variable: name => name == Variable ? address : null))
        {
            using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"gated","messages":[{"role":"user","content":"a secret question"}]}""");
            Assert.True(response.IsSuccessStatusCode);
        }

        string spans = Sent(collector, "/v1/traces"), metrics = Sent(collector, "/v1/metrics");
        Assert.All(["chat gated", "chat small-1", "gen_ai.request.model", "countersign.request.id", "countersign.verdict", "length"], text => Assert.Contains(text, spans));
        Assert.DoesNotContain("secret", spans);
        Assert.All(["countersign.requests", "gen_ai.client.token.usage"], text => Assert.Contains(text, metrics));
    }

    [Theory]
    [InlineData("", "variable")]
    [InlineData("server: { otlp_endpoint: 'http://file:4318' }", "file")]
    public void Endpoint_OfTheFile_CountsBeforeTheVariable(string yaml, string host)
    {
        var loaded = ConfigurationLoader.LoadText(yaml, "a.yaml", new ConfigurationEnvironment(name => name == Variable ? "http://variable:4318" : null, AppContext.BaseDirectory));
        Assert.Equal(host, loaded.Configuration!.Server.OtlpEndpoint!.Host);
    }

    [Fact]
    public void Variable_ThatIsNoAddress_IsAProblem()
    {
        var loaded = ConfigurationLoader.LoadText("", "a.yaml", new ConfigurationEnvironment(name => name == Variable ? "collector:4317" : null, AppContext.BaseDirectory));
        Assert.Contains(Variable, Assert.Single(loaded.Problems).Message);
    }

    private static string Sent(FakeUpstream collector, string path) => string.Concat(collector.Requests.Where(request => request.Path == path).Select(request => request.Body));
}
