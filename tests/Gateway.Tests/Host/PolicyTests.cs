using System.Net;
using System.Net.Http.Headers;

namespace Countersign.Gateway.Tests.Host;

/// <summary>A key's policy, on the way of a request.</summary>
public sealed class PolicyTests
{
    private const string Callers = """
          fine: { provider: cheap, model: Qwen/Qwen3-8B, retry: { attempts: 0 } }
        callers:
          ann: { key: ann-secret-key-of-24-letters, policy: { licence: permissive, vendors: [Alibaba] } }
        """;

    [Fact]
    public async Task Key_WithAPolicy_IsRefusedWhatItForbidsAndAnsweredWhatItAllows()
    {
        await using var scene = await GatewayScene.StartAsync(Callers);
        scene.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "ann-secret-key-of-24-letters");

        var refused = await Ask(scene, "small");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        string body = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("'ann' has a policy: 'small' (small-1) may not be asked: its licence is not known", body, StringComparison.Ordinal);
        Assert.Contains("model_not_allowed", body, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.Forbidden, (await Ask(scene, "fine")).StatusCode);
    }

    [Fact]
    public async Task Models_OfAKeyWithAPolicy_AreThoseItMayAsk()
    {
        await using var scene = await GatewayScene.StartAsync(Callers);
        scene.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "ann-secret-key-of-24-letters");

        var listed = await GatewayScene.JsonOfAsync(await scene.Client.GetAsync("/v1/models", TestContext.Current.CancellationToken));

        Assert.Equal(["fine"], listed.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Client.GetAsync("/v1/models/cheap/undeclared", TestContext.Current.CancellationToken)).StatusCode);
    }

    [Theory]
    [InlineData("claude-opus-4", "claude-opus-5' is its successor")]
    [InlineData("llama-4-behemoth", "no weights and no host have been seen")]
    public async Task Model_RetiredOrNeverReleased_IsToldSo(string model, string told)
    {
        await using var scene = await GatewayScene.StartAsync();

        var refused = await Ask(scene, model);

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Contains(told, await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Model_Retired_IsAnsweredByItsSuccessorWhereThatIsThere()
    {
        await using var scene = await GatewayScene.StartAsync("  newest: { provider: cheap, model: anthropic/claude-opus-5 }\ncallers: { ann: { key: ann-secret-key-of-24-letters }, bob: { key: bob-secret-key-of-24-letters, models: [small] } }");
        scene.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "ann-secret-key-of-24-letters");
        var answered = await Ask(scene, "claude-opus-4");
        Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        Assert.Contains("'claude-opus-4' was retired", answered.Headers.GetValues("x-countersign-warning").Single(), StringComparison.Ordinal);
        Assert.Contains("\"anthropic/claude-opus-5\"", scene.Cheap.Requests.Single().Body, StringComparison.Ordinal);

        scene.Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "bob-secret-key-of-24-letters");
        Assert.Equal(HttpStatusCode.Forbidden, (await Ask(scene, "claude-opus-4")).StatusCode);
    }

    private static Task<HttpResponseMessage> Ask(GatewayScene scene, string model) => scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}""");
}
