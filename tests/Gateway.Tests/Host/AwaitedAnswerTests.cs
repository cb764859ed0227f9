using System.Net;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>An upstream that has begun its stream and says nothing: the client is kept waiting, and the next deployment can still be asked.</summary>
public sealed class AwaitedAnswerTests
{
    private const string Comment = ": PROCESSING\n\n";
    private const string Error = "data: {\"error\":{\"code\":502,\"message\":\"gone\"}}\n\n";

    [Fact]
    public async Task Failure_AfterComments_HasItsStatus()
    {
        await using var scene = await GatewayScene.StartAsync();
        scene.Cheap.Then(http => Script.WriteFramesAsync(http, [Comment, Error], TimeSpan.FromMilliseconds(10)));

        using var response = await AskAsync(scene, "small");

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
    }

    [Fact]
    public async Task Failure_AfterLongWaiting_IsAnsweredByTheNextWhileTheClientIsKeptAlive()
    {
        await using var scene = await GatewayScene.StartAsync("pools: { both: [ { deployment: small, weight: 1 }, { deployment: large, weight: 0 } ] }");
        scene.Cheap.Then(http => Script.WriteFramesAsync(http, [.. Enumerable.Repeat(Comment, 10), Error], TimeSpan.FromMilliseconds(100)));

        using var response = await AskAsync(scene, "both");
        string text = await response.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.StartsWith(": keep-alive\n\n", text);
        Assert.Contains("lo!", text);
        Assert.DoesNotContain("PROCESSING", text);
        Assert.DoesNotContain("gone", text);
        Assert.EndsWith("data: [DONE]\n\n", text);
    }

    private static Task<HttpResponseMessage> AskAsync(GatewayScene scene, string model) =>
        scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","stream":true,"messages":[{"role":"user","content":"hi"}]}""");
}
