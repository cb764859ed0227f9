using System.Net;
using System.Text.Json;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Checks and caps as a configuration names them, over HTTP: what was asked, what the verdict was, what the client got.</summary>
public sealed class GatedRouteTests
{
    private const string Hello = """{"model":"gated","messages":[{"role":"user","content":"hi"}]}""";

    [Theory]
    [InlineData("language: { is: [en] }", "English is what this answer is written in, and nobody who reads it would say otherwise.", "accept")]
    [InlineData("language: { is: [de] }", "English is what this answer is written in, and nobody who reads it would say otherwise.", "reject")]
    [InlineData("confidence: { mean: 0.5 }", "Sure", "unknown")]
    [InlineData("command: { run: [sh, -c, 'exit 0'] }", "Paris", "accept")]
    [InlineData("command: { run: [sh, -c, 'grep -q Paris'] }", "Paris", "accept")]
    [InlineData("command: { run: [sh, -c, 'echo no; exit 1'] }", "Paris", "reject")]
    [InlineData("command: { run: [sh, -c, 'yes'], max_output_bytes: 1000 }", "Paris", "unknown")]
    [InlineData("command: { run: [sleep, '60'], timeout: 200ms }", "Paris", "unknown")]
    public async Task Check_OfADraft_DecidesWhoAnswers(string check, string draft, string verdict)
    {
        await using var scene = await GatewayScene.StartAsync(Route($"[ {{ {check} }} ]"));
        scene.Cheap.Then(Says(draft));
        using var response = await scene.PostAsync("/v1/chat/completions", Hello);
        Assert.Equal(verdict, (await VerdictsAsync(scene, response)).Single());
        Assert.Equal(verdict == "accept" ? "small" : "large", response.Headers.GetValues("x-countersign-deployment").Single());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Names_BeyondAscii_ArePercentEncodedInHeadersAndPlainInTheBody(bool stream)
    {
        await using var scene = await GatewayScene.StartAsync("  modèle 100%: { provider: cheap, model: m }\nroutes: { évaluation: { draft: { deployment: 'modèle 100%' }, validate: [ { length: { min: 1 } } ] } }");
        using var response = await scene.PostAsync("/v1/chat/completions", Hello.Replace("gated", "évaluation").Replace("{\"model\"", $"{{\"stream\":{(stream ? "true" : "false")},\"model\""));

        string body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, body);
        Assert.Equal("%C3%A9valuation", response.Headers.GetValues("x-countersign-route").Single());
        Assert.Equal("mod%C3%A8le 100%25", response.Headers.GetValues("x-countersign-deployment").Single());
        Assert.Contains("évaluation", System.Text.RegularExpressions.Regex.Unescape(body));
    }

    [Theory]
    [InlineData("mean: 0.4", "accept")]
    [InlineData("mean: 0.5", "reject")]
    [InlineData("min: 0.3", "reject")]
    [InlineData("margin: 0.4", "accept")]
    [InlineData("margin: 0.5", "reject")]
    public async Task Confidence_IsTakenFromLogprobsThatTheClientNeverSees(string option, string verdict)
    {
        // Probabilities 0.9 and 0.2 with 0.1 and 0.05 behind them: a geometric mean of 0.42, a mean margin of 0.475.
        const string Logprobs = """{"content":[{"token":"Par","logprob":-0.1054,"top_logprobs":[{"token":"Par","logprob":-0.1054},{"token":"Lon","logprob":-2.3026}]},{"token":"is","logprob":-1.6094,"top_logprobs":[{"token":"is","logprob":-1.6094},{"token":"x","logprob":-2.9957}]}]}""";
        await using var scene = await GatewayScene.StartAsync(Route($"[ {{ confidence: {{ {option} }} }} ]"));
        scene.Cheap.Then(Says("Paris", Logprobs));
        using var response = await scene.PostAsync("/v1/chat/completions", Hello);
        Assert.Equal(verdict, (await VerdictsAsync(scene, response)).Single());
        Assert.Contains("\"logprobs\":true", scene.Cheap.Requests.Single().Body);
        Assert.Equal(JsonValueKind.Null, (await GatewayScene.JsonOfAsync(response)).GetProperty("choices")[0].GetProperty("logprobs").ValueKind);
    }

    [Theory]
    [InlineData("accept", "small")]
    [InlineData("reject", "large")]
    public async Task Webhook_Judges(string verdict, string answeredBy)
    {
        await using var hook = (await FakeUpstream.StartAsync()).Then(Script.Raw("application/json", $$"""{"verdict":"{{verdict}}"}"""));
        await using var scene = await GatewayScene.StartAsync(Route($"[ {{ webhook: {{ url: '{hook.BaseUrl}' }} }} ]"));
        using var response = await scene.PostAsync("/v1/chat/completions", Hello);
        Assert.Equal(answeredBy, response.Headers.GetValues("x-countersign-deployment").Single());
        Assert.Contains("Hello!", hook.Requests.Single().Body);
    }

    [Fact]
    public async Task Judge_Compares_InBothOrders_SoThatALoverOfTheFirstPlaceComesToADraw()
    {
        await using var scene = await GatewayScene.StartAsync(Route("[ { judge: { deployment: large, against: large, rubric: 'Is it right?', accept: 0.6 } } ]"));
        scene.Cheap.Then(Says("DRAFT-1"));
        scene.Strong.Then(Says("OTHER-1")).Then(Says("""{"findings":[],"better":"A"}""")).Then(Says("""{"findings":[],"better":"A"}""")).Then(Says("STRONG-1"));
        using var response = await scene.PostAsync("/v1/chat/completions", Hello);

        var trace = await scene.TraceOfAsync(response);
        Assert.Equal(["draft", "judge", "judge", "judge", "escalation"], trace.GetProperty("attempts").EnumerateArray().Select(attempt => attempt.GetProperty("purpose").GetString()));
        Assert.Equal(0.5, trace.GetProperty("verdicts")[0].GetProperty("score").GetDouble());
        string[] asked = [.. scene.Strong.Requests.Skip(1).Take(2).Select(request => request.Body)];
        Assert.True(asked[0].IndexOf("DRAFT-1", StringComparison.Ordinal) < asked[0].IndexOf("OTHER-1", StringComparison.Ordinal));
        Assert.True(asked[1].IndexOf("DRAFT-1", StringComparison.Ordinal) > asked[1].IndexOf("OTHER-1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("limits: { attempts: 1 }", "best", 200)]
    [InlineData("limits: { attempts: 1 }", "error", 422)]
    [InlineData("limits: { deadline: 500ms }", "best", 200)]
    [InlineData("limits: { deadline: 500ms }", "error", 422)]
    [InlineData("budget: { per_request: 0.05 }", "best", 200)] // Enough for the small model at its output limit, not for the large one.
    [InlineData("budget: { per_request: 0.05 }", "error", 422)]
    public async Task Cap_BeforeTheStrongModel_EndsInTheBestDraftOrAnError(string cap, string exhausted, int status)
    {
        await using var scene = await GatewayScene.StartAsync(Route("[ { contains: { all: [Rome] } } ]", $", {cap}, when_exhausted: {exhausted}"));
        scene.Strong.Then(Script.Stall());
        using var response = await scene.PostAsync("/v1/chat/completions", Hello);
        Assert.Equal(status, (int)response.StatusCode);
        var body = await GatewayScene.JsonOfAsync(response);
        if (status == 200) Assert.Equal(("best_so_far", false), (body.GetProperty("countersign").GetProperty("end").GetString(), body.GetProperty("countersign").GetProperty("accepted").GetBoolean()));
        else Assert.Contains("contains", body.GetProperty("error").GetProperty("message").GetString());
        Assert.Equal(status == 200 ? "best_so_far" : "failed", (await scene.TraceOfAsync(response)).GetProperty("ended").GetString());
    }

    [Theory]
    [InlineData("validate: [ { contains: { all: [Rome] } } ], escalate: { deployment: large }, ", 2)]
    [InlineData("", 2)]
    [InlineData("", 3)]
    public async Task Attempts_AreCallsUpstream_RetriesAndFallbacksToo(string checks, int attempts)
    {
        await using var scene = await GatewayScene.StartAsync($"  often: {{ provider: cheap, model: m, retry: {{ attempts: 5, delay: 1ms }} }}\nroutes: {{ gated: {{ draft: {{ deployment: often, fallback: large }}, {checks}limits: {{ attempts: {attempts} }} }} }}");
        for (int i = 0; i < 9; i++) scene.Cheap.Then(Script.Error(503));
        using var response = await scene.PostAsync("/v1/chat/completions", Hello);
        Assert.False(response.IsSuccessStatusCode);
        Assert.Equal((attempts, 0), (scene.Cheap.Requests.Count, scene.Strong.Requests.Count));
    }

    [Fact]
    public async Task Deadline_BeforeAnyDraft_IsATimeout()
    {
        await using var scene = await GatewayScene.StartAsync(Route("[ { contains: { all: [Rome] } } ]", ", limits: { deadline: 300ms }"));
        scene.Cheap.Then(Script.Stall());
        using var response = await scene.PostAsync("/v1/chat/completions", Hello);
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("limits.deadline", (await GatewayScene.JsonOfAsync(response)).GetProperty("error").GetProperty("param").GetString());
        Assert.Equal("timed_out", (await scene.TraceOfAsync(response)).GetProperty("attempts")[0].GetProperty("status").GetString());
        Assert.Empty(scene.Strong.Requests);
    }

    private static string Route(string checks, string more = "") => $"routes: {{ gated: {{ draft: {{ deployment: small }}, validate: {checks}, escalate: {{ deployment: large, trusted: true }}{more} }} }}";

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Says(string text, string logprobs = "null") => Script.Raw(
        "application/json",
        $$$"""{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{JsonEncodedText.Encode(text)}}}"},"logprobs":{{{logprobs}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":15}}""");

    private static async Task<IEnumerable<string?>> VerdictsAsync(GatewayScene scene, HttpResponseMessage response) =>
        (await scene.TraceOfAsync(response)).GetProperty("verdicts").EnumerateArray().Select(verdict => verdict.GetProperty("verdict").GetString());
}
