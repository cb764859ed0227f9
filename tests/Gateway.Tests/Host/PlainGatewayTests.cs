using System.Net;
using System.Text;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

public sealed class PlainGatewayTests
{
    private const string Hello = """{"model":"small","messages":[{"role":"user","content":"hi"}],"made_up":{"a":[1,2]}}""";

    [Fact]
    public async Task Chat_NamedDeployment_PassesTheBodyWithItsOwnModelAndUnknownFields()
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync("/v1/chat/completions", Hello);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var asked = Assert.Single(scene.Cheap.Requests);
        Assert.Equal(Hello.Replace("\"small\"", "\"small-1\""), asked.Body);
        Assert.Equal("Bearer sk-upstream-secret", asked.Headers["Authorization"]);
        var answer = await GatewayScene.JsonOfAsync(response);
        Assert.Equal("chat.completion", answer.GetProperty("object").GetString());
        Assert.False(answer.TryGetProperty("countersign", out _));
    }

    [Fact]
    public async Task Chat_Streamed_EndsWithDoneAndHasNoUsageThatNobodyAskedFor()
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync("/v1/chat/completions", Hello.Replace("{\"model\"", "{\"stream\":true,\"model\""));
        string text = await response.Content.ReadAsStringAsync();

        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.EndsWith("data: [DONE]\n\n", text);
        Assert.DoesNotContain("\"choices\":[]", text);
        var trace = await scene.TraceOfAsync(response);
        Assert.True(trace.GetProperty("stream").GetBoolean());
        Assert.True(trace.GetProperty("cost").GetProperty("usd").GetDecimal() > 0);
    }

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"small","messages":[{"role":"user","content":"hi"}]}""", "openai", "choices")]
    [InlineData("/v1/responses", """{"model":"small","input":"hi"}""", "openai", "output")]
    [InlineData("/v1/responses", """{"model":"small","input":"hi"}""", "anthropic", "output")]
    [InlineData("/v1/chat/completions", """{"model":"small","messages":[{"role":"user","content":"hi"}]}""", "anthropic", "choices")]
    [InlineData("/v1/messages", """{"model":"small","max_tokens":99,"messages":[{"role":"user","content":"hi"}]}""", "openai", "content")]
    [InlineData("/v1/messages", """{"model":"small","max_tokens":99,"messages":[{"role":"user","content":"hi"}]}""", "anthropic", "content")]
    public async Task EveryApi_OverEveryUpstreamApi_AnswersInTheClientsForm(string path, string body, string upstream, string member)
    {
        await using var scene = await GatewayScene.StartAsync(api: upstream);
        using var whole = await scene.PostAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
        Assert.True((await GatewayScene.JsonOfAsync(whole)).TryGetProperty(member, out _));

        using var streamed = await scene.PostAsync(path, body.Replace("{\"model\"", "{\"stream\":true,\"model\""));
        Assert.Equal("text/event-stream", streamed.Content.Headers.ContentType!.MediaType);
        Assert.Contains("data: ", await streamed.Content.ReadAsStringAsync());
        var trace = await scene.TraceOfAsync(streamed);
        Assert.Equal("completed", trace.GetProperty("attempts")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Models_ListWhatMayBeNamed()
    {
        await using var scene = await GatewayScene.StartAsync("routes: { both: { draft: { deployment: small } } }");
        var models = await GatewayScene.JsonOfAsync(await scene.Client.GetAsync("/v1/models"));
        Assert.Equal(["both", "small", "large"], models.GetProperty("data").EnumerateArray().Select(model => model.GetProperty("id").GetString()));
        Assert.Equal("small", (await GatewayScene.JsonOfAsync(await scene.Client.GetAsync("/v1/models/small"))).GetProperty("id").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Client.GetAsync("/v1/models/none")).StatusCode);
    }

    [Theory]
    [InlineData("/v1/models/org/mod", "org/mod", "cheap")]
    [InlineData("/v1/models/org%2Fmod", "org/mod", "cheap")]
    [InlineData("/v1/models/cheap/org/new", "cheap/org/new", "cheap")]
    [InlineData("/v1/models/cheap%2forg%2Fnew", "cheap/org/new", "cheap")]
    public async Task Model_WithASlash_IsFoundHoweverItIsWritten(string path, string id, string owner)
    {
        await using var scene = await GatewayScene.StartAsync("  org/mod: { provider: cheap, model: m }");
        var model = await GatewayScene.JsonOfAsync(await scene.Client.GetAsync(path));
        Assert.Equal((id, owner), (model.GetProperty("id").GetString(), model.GetProperty("owned_by").GetString()));
    }

    [Fact]
    public async Task Embeddings_ArePassedOnAndBilled()
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync("/v1/embeddings", """{"model":"small","input":["a","b"]}""");
        Assert.Equal("list", (await GatewayScene.JsonOfAsync(response)).GetProperty("object").GetString());
        Assert.Equal("""{"model":"small-1","input":["a","b"]}""", Assert.Single(scene.Cheap.Requests).Body);
        var trace = await scene.TraceOfAsync(response);
        Assert.Equal(7e-6m, trace.GetProperty("cost").GetProperty("usd").GetDecimal());
        Assert.Equal("answered", trace.GetProperty("ended").GetString());
    }

    [Fact]
    public async Task Outcome_Reported_IsKeptWithItsHistory()
    {
        await using var scene = await GatewayScene.StartAsync();
        using var response = await scene.PostAsync("/v1/chat/completions", Hello);
        string id = response.Headers.GetValues("x-countersign-request-id").Single();
        using var first = await scene.PostAsync("/v1/outcomes", $$"""{"request_id":"{{id}}","success":true,"source":"tests"}""");
        Assert.Equal(HttpStatusCode.Created, first.StatusCode);
        using var second = await scene.PostAsync("/v1/outcomes", $$"""{"request_id":"{{id}}","success":false,"score":0.25}""");
        Assert.Equal(2, (await GatewayScene.JsonOfAsync(second)).GetProperty("number").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await scene.PostAsync("/v1/outcomes", """{"request_id":"req_none","success":true}""")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await scene.PostAsync("/v1/outcomes", $$"""{"request_id":"{{id}}","success":"yes"}""")).StatusCode);
    }

    [Fact]
    public async Task HealthAndMetrics_Answer()
    {
        await using var scene = await GatewayScene.StartAsync();
        using var _ = await scene.PostAsync("/v1/chat/completions", Hello);
        Assert.Equal("ok\n", await scene.Client.GetStringAsync("/healthz"));
        Assert.Equal("ready\n", await scene.Client.GetStringAsync("/readyz"));
        Assert.EndsWith(" 1", await scene.MetricAsync("countersign_requests_total{route=\"small\",end=\"answered\",status=\"200\"}"));
    }

    [Fact]
    public async Task ClientLeaves_UpstreamIsCancelled_AndTheLedgerSaysSo()
    {
        await using var scene = await GatewayScene.StartAsync();
        scene.Cheap.Then(Script.StallAfter(2));
        string id;
        using (var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Hello.Replace("{\"model\"", "{\"stream\":true,\"model\""), Encoding.UTF8, "application/json") })
        {
            using var response = await scene.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            id = response.Headers.GetValues("x-countersign-request-id").Single();
        }

        await scene.Cheap.Aborted.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        var trace = await Eventually.TraceAsync(scene.Client, id);
        Assert.Equal(499, trace.GetProperty("status").GetInt32());
        Assert.Equal("cancelled", trace.GetProperty("attempts")[0].GetProperty("status").GetString());
    }
}
