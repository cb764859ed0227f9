using System.Text.Json.Nodes;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>A tool loop of an OpenAI client with a model whose maker seals its reasoning.</summary>
public sealed class SealedReasoningTests
{
    private const string Tools = """[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}]""";

    private const string Message = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"thinking","thinking":"Hm.","signature":"ErUB+/=="},
         {"type":"redacted_thinking","data":"EmwK=="},{"type":"tool_use","id":"toolu_1","name":"look","input":{}}],"stop_reason":"tool_use","usage":{"input_tokens":3,"output_tokens":2}}
        """;

    private static readonly string[] Stream =
    [
        """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-sonnet-5","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"H"}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"m."}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"ErUB+/=="}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"EmwK=="}}""",
        """{"type":"content_block_stop","index":1}""",
        """{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"toolu_1","name":"look","input":{}}}""",
        """{"type":"content_block_stop","index":2}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":2}}""",
        """{"type":"message_stop"}""",
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Thinking_OfAnthropic_GoesBackWithItsSealsInTheNextTurn(bool isStream)
    {
        await using var scene = await GatewayScene.StartAsync("  claude: { provider: cheap, model: claude-sonnet-5 }", api: "anthropic");
        scene.Cheap.Then(isStream ? Script.Raw("text/event-stream", string.Concat(Stream.Select(Frame))) : Script.Raw("application/json", Message)).Then(Script.Answer());
        var answer = await AskAsync(scene, isStream);
        using var next = await scene.PostAsync("/v1/chat/completions", NextTurn("claude", answer));
        var content = JsonNode.Parse(scene.Cheap.Requests.Last().Body)!["messages"]![1]!["content"]!.AsArray();
        Assert.Equal(["thinking", "redacted_thinking", "tool_use"], content.Select(block => (string)block!["type"]!));
        Assert.Equal(("Hm.", "ErUB+/==", "EmwK=="), ((string)content[0]!["thinking"]!, (string)content[0]!["signature"]!, (string)content[1]!["data"]!));
        Assert.False(next.Headers.Contains("x-countersign-warning"));
    }

    [Fact]
    public async Task Thinking_OfAnthropic_GoesToNoOtherMaker()
    {
        await using var scene = await GatewayScene.StartAsync("  claude: { provider: cheap, model: claude-sonnet-5 }", api: "anthropic");
        scene.Cheap.Then(Script.Raw("application/json", Message));
        string next = NextTurn("other", await AskAsync(scene, isStream: false));
        foreach (string model in (string[])["Qwen/Qwen3-32B", "gpt-5", "nobodys-model"])
        {
            await using var others = await GatewayScene.StartAsync($"  other: {{ provider: cheap, model: {model} }}", server: model == "gpt-5" ? "openai" : "vllm");
            using var response = await others.PostAsync("/v1/chat/completions", next);
            string sent = others.Cheap.Requests.Single().Body;
            Assert.DoesNotContain("ErUB", sent, StringComparison.Ordinal);
            Assert.DoesNotContain("EmwK", sent, StringComparison.Ordinal);
            Assert.Contains("toolu_1", sent, StringComparison.Ordinal);
            Assert.Contains("belongs to its maker", string.Join('\n', response.Headers.GetValues("x-countersign-warning")), StringComparison.Ordinal);
        }
    }

    private static string Frame(string data) => $"event: {(string)JsonNode.Parse(data)!["type"]!}\ndata: {data}\n\n";

    private static string NextTurn(string model, JsonNode answer) =>
        $$"""{"model":"{{model}}","max_tokens":500,"tools":{{Tools}},"messages":[{"role":"user","content":"hi"},{{answer.ToJsonString()}},{"role":"tool","tool_call_id":"toolu_1","content":"ok"}]}""";

    /// <summary>The message that the client keeps of the answer.</summary>
    private static async Task<JsonNode> AskAsync(GatewayScene scene, bool isStream)
    {
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"claude","stream":{{(isStream ? "true" : "false")}},"tools":{{Tools}},"messages":[{"role":"user","content":"hi"}]}""");
        string body = await response.Content.ReadAsStringAsync();
        if (!isStream) return JsonNode.Parse(body)!["choices"]![0]!["message"]!;
        JsonArray details = [], calls = [];
        foreach (string line in body.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)))
        {
            var delta = JsonNode.Parse(line[6..])!["choices"]![0]!["delta"]!;
            foreach (var detail in delta["reasoning_details"] as JsonArray ?? []) details.Add(detail!.DeepClone());
            foreach (var call in delta["tool_calls"] as JsonArray ?? [])
            {
                if (call!["id"] is not null) calls.Add(call.DeepClone());
            }
        }

        return new JsonObject { ["role"] = "assistant", ["content"] = null, ["reasoning_details"] = details, ["tool_calls"] = calls };
    }
}
