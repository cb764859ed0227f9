using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>A stream of OpenAI's Responses API that is passed on and fails in its middle.</summary>
public sealed class FailedResponseTests
{
    private static readonly string[] Begun =
    [
        Frame("response.created", """ "sequence_number": 0,"response":{"id":"r","model":"m"}"""),
        Frame("response.output_text.delta", "\"sequence_number\":1,\"delta\":\"say \\\"sequence_number\\\":9\""),
        Frame("response.output_text.delta", """ "sequence_number": 2,"delta":"more" """),
    ];

    [Fact]
    public async Task Failure_ThatTheUpstreamTells_IsPassedOnAndNothingAfterIt()
    {
        string failed = Frame("response.failed", """ "sequence_number":3,"response":{"id":"r","status":"failed","error":{"code":"server_error","message":"gone"},"usage":{"input_tokens":5,"output_tokens":2}}""");

        var (text, trace) = await AskAsync([.. Begun, failed]);

        Assert.Equal(string.Concat(Begun) + failed, text);
        Assert.Equal(("failed", 5), (trace.GetProperty("attempts")[0].GetProperty("status").GetString(), trace.GetProperty("attempts")[0].GetProperty("usage").GetProperty("input_tokens").GetInt32()));
    }

    [Theory, InlineData("small"), InlineData("gated")]
    public async Task Failure_OfAWholeAnswer_IsBilledAsCounted(string model)
    {
        await using var scene = await GatewayScene.StartAsync("routes: { gated: { draft: { deployment: small }, validate: [ { contains: { all: [Hello] } } ] } }", api: "openai_responses");
        scene.Cheap.Then(Script.Raw("application/json", """{"id":"r","object":"response","status":"failed","output":[],"error":{"code":"server_error","message":"gone"},"usage":{"input_tokens":5,"output_tokens":2}}"""));
        using var response = await scene.PostAsync("/v1/responses", $$"""{"model":"{{model}}","input":"hi"}""");
        var attempt = (await scene.TraceOfAsync(response)).GetProperty("attempts")[0];

        Assert.Equal(502, (int)response.StatusCode);
        Assert.Equal(("failed", 5), (attempt.GetProperty("status").GetString(), attempt.GetProperty("usage").GetProperty("input_tokens").GetInt32()));
    }

    [Fact]
    public async Task Cut_IsTold_WithTheNextNumber()
    {
        var (text, _) = await AskAsync(Begun);

        Assert.StartsWith(string.Concat(Begun) + "event: error\n", text);
        Assert.Contains("\"sequence_number\":3,\"code\":\"answer_cut\"", text);
    }

    private static async Task<(string Text, System.Text.Json.JsonElement Trace)> AskAsync(string[] frames)
    {
        await using var scene = await GatewayScene.StartAsync(api: "openai_responses");
        scene.Cheap.Then(http => Script.WriteFramesAsync(http, frames, TimeSpan.FromMilliseconds(50)));
        using var response = await scene.PostAsync("/v1/responses", """{"model":"small","stream":true,"input":"hi"}""");
        return (await response.Content.ReadAsStringAsync(), await scene.TraceOfAsync(response));
    }

    private static string Frame(string type, string members) => $"event: {type}\ndata: {{\"type\":\"{type}\",{members}}}\n\n";
}
