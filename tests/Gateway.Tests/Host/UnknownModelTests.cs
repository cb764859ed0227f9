using System.Net;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Upstreams that do not know a model: the caller's fault where the caller wrote its name, the configuration's elsewhere.</summary>
public sealed class UnknownModelTests
{
    private const string OpenAi = """{"error":{"message":"The model does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}}""";
    private const string Vllm = """{"object":"error","message":"The model `no/such` does not exist.","type":"NotFoundError","param":null,"code":404}""";
    private const string Anthropic = """{"type":"error","error":{"type":"not_found_error","message":"model: no/such"}}""";
    private const string Elsewhere = """{"detail":"Not Found"}""";

    [Theory]
    [InlineData("openai", OpenAi, 404)]
    [InlineData("openai", Vllm, 404)]
    [InlineData("anthropic", Anthropic, 404)]
    [InlineData("openai", Elsewhere, 502)]
    public async Task Model_WrittenByTheCaller_IsNotFoundAndWhy(string api, string body, int status)
    {
        await using var scene = await GatewayScene.StartAsync(api: api);
        scene.Cheap.Then(Script.Raw("application/json", body, 404));

        using var response = await AskAsync(scene, "cheap/no/such");

        Assert.Equal(status, (int)response.StatusCode);
        var error = (await GatewayScene.JsonOfAsync(response)).GetProperty("error");
        Assert.Equal(status == 404 ? ("model", "model_not_found") : (null, "upstream_failed"), (error.GetProperty("param").GetString(), error.GetProperty("code").GetString()));
        if (status == 404) Assert.Contains("'cheap' knows no model 'no/such'", error.GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("small", "small")]
    [InlineData("gate", "cheap/no/such")]
    public async Task Model_OfTheConfiguration_IsAFailureThatNamesTheDeployment(string model, string deployment)
    {
        await using var scene = await GatewayScene.StartAsync("routes: { gate: { draft: { deployment: cheap/no/such }, validate: [ { length: { min: 1 } } ] } }");
        scene.Cheap.Then(Script.Raw("application/json", OpenAi, 404));

        using var response = await AskAsync(scene, model);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Contains($"Deployment `{deployment}` is configured with", (await GatewayScene.JsonOfAsync(response)).GetProperty("error").GetProperty("message").GetString());
    }

    private static Task<HttpResponseMessage> AskAsync(GatewayScene scene, string model) =>
        scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}""");
}
