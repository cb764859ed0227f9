using System.Net;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

public sealed class CountTokensTests
{
    private const string Path = "/v1/messages/count_tokens";
    private const string Hello = """{"model":"small","messages":[{"role":"user","content":"hi"}],"made_up":[1]}""";

    [Fact]
    public async Task Count_OfAnAnthropicDeployment_IsItsUpstreamsOwn()
    {
        await using var scene = await GatewayScene.StartAsync(api: "anthropic");
        scene.Client.DefaultRequestHeaders.Add("anthropic-beta", "token-counting-2024-11-01");
        using var response = await scene.PostAsync(Path, Hello);
        Assert.Equal("""{"input_tokens":42}""", await response.Content.ReadAsStringAsync());
        var asked = Assert.Single(scene.Cheap.Requests);
        Assert.Equal((Path, Hello.Replace("\"small\"", "\"small-1\"")), (asked.Path, asked.Body));
        Assert.Equal(("sk-upstream-secret", "token-counting-2024-11-01"), (asked.Headers["x-api-key"], asked.Headers["anthropic-beta"]));
    }

    [Fact]
    public async Task Count_OfARoute_IsItsDraftsFirst()
    {
        await using var scene = await GatewayScene.StartAsync("routes: { both: { draft: { deployment: small } } }", api: "anthropic");
        using var response = await scene.PostAsync(Path, Hello.Replace("small", "both"));
        Assert.Equal(42, (await GatewayScene.JsonOfAsync(response)).GetProperty("input_tokens").GetInt32());
        Assert.Contains("small-1", Assert.Single(scene.Cheap.Requests).Body);
    }

    [Theory]
    [InlineData(Hello, 400, "invalid_request_error")] // An OpenAI upstream has no such call: nothing is guessed.
    [InlineData("""{"model":"nobody","messages":[{"role":"user","content":"hi"}]}""", 404, "not_found_error")]
    [InlineData("""{"model":"small"}""", 400, "invalid_request_error")]
    [InlineData("{", 400, "invalid_request_error")]
    public async Task Count_ThatCannotBe_IsRefusedInAnthropicsShape(string body, int status, string type)
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync(Path, body);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(type, (await GatewayScene.JsonOfAsync(response)).GetProperty("error").GetProperty("type").GetString());
        Assert.Empty(scene.Cheap.Requests);
    }

    [Fact]
    public async Task Count_UpstreamAnswersSomethingElse_IsAnError()
    {
        await using var scene = await GatewayScene.StartAsync(api: "anthropic");
        scene.Cheap.Then(Script.Raw("application/json", """{"tokens":42}"""));
        using var response = await scene.PostAsync(Path, Hello);
        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }
}
