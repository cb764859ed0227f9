using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>A session whose drafts fail again and again goes straight to the strong model, however the session is named.</summary>
public sealed class SessionLatchTests
{
    private const string Route = "routes: { gated: { draft: { deployment: small }, validate: [ { contains: { all: [Bye] } } ], escalate: { deployment: large, trusted: true }, latch: { after: 2, for: 1h } } }";

    [Theory]
    [InlineData("header")]
    [InlineData("prompt_cache_key")]
    [InlineData("conversation")]
    public async Task Session_EscalatedTwice_DraftsNoMore(string namedBy)
    {
        await using var scene = await GatewayScene.StartAsync(Route);
        for (int turn = 0; turn < 4; turn++)
        {
            using var response = await AskAsync(scene, namedBy, session: "a", turn);
            var trace = await scene.TraceOfAsync(response);
            Assert.Equal(turn < 2 ? 2 : 1, trace.GetProperty("attempts").GetArrayLength());
            Assert.Equal("large", response.Headers.GetValues("x-countersign-deployment").Single());
        }

        Assert.Equal((2, 4), (scene.Cheap.Requests.Count, scene.Strong.Requests.Count));
        using var other = await AskAsync(scene, namedBy, session: "b", 0);
        Assert.Equal(3, scene.Cheap.Requests.Count);
    }

    [Fact]
    public async Task Session_WhoseDraftPassesBetween_IsNotLatched()
    {
        await using var scene = await GatewayScene.StartAsync(Route);
        foreach (bool fails in (bool[])[true, false, true, true])
        {
            scene.Cheap.Then(fails ? Script.Answer() : Script.Raw("application/json", """{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Bye"},"finish_reason":"stop"}]}"""));
        }

        scene.Cheap.Then(Script.Answer());
        for (int turn = 0; turn < 4; turn++) (await AskAsync(scene, "header", "a", turn)).Dispose();
        Assert.Equal(4, scene.Cheap.Requests.Count);
    }

    private static Task<HttpResponseMessage> AskAsync(GatewayScene scene, string namedBy, string session, int turn)
    {
        scene.Client.DefaultRequestHeaders.Remove("x-countersign-session");
        if (namedBy == "header") scene.Client.DefaultRequestHeaders.Add("x-countersign-session", session);
        string first = namedBy == "conversation" ? $"I am {session}." : $"Turn {turn}.";
        string further = string.Concat(Enumerable.Range(0, turn).Select(at => $$""",{"role":"assistant","content":"Answer {{at}}"},{"role":"user","content":"Question {{at}}"}"""));
        string key = namedBy == "prompt_cache_key" ? $",\"prompt_cache_key\":\"{session}\"" : "";
        return scene.PostAsync("/v1/chat/completions", $$"""{"model":"gated","messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"{{first}}"}{{further}}]{{key}}}""");
    }
}
