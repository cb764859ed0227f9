using System.Text.Json.Nodes;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Families without tool calls of their own, on chat servers that would refuse them or leave them out.</summary>
public sealed class ToolsInWordsTests
{
    private const string Deployments = "  gemma: { provider: cheap, model: google/gemma-3-27b-it }\n  phi: { provider: cheap, model: microsoft/Phi-4-reasoning }\n  qwen: { provider: cheap, model: Qwen/Qwen3-32B }";
    private const string Tools = """ "tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""";
    private const string Called = """I look.\n<tool_call>\n{\"name\": \"look\", \"arguments\": {\"city\": \"Oslo\"}}\n</tool_call>"""; // As it stands in a JSON text.

    [Theory]
    [InlineData("gemma", Called, null)]
    [InlineData("phi", "<think>hm</think>" + Called, "hm")]
    public async Task Tools_ArePutInWords_AndCallsReadOutOfTheText(string model, string content, string? thought)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        scene.Cheap.Then(Script.Raw("application/json", Whole(content)));
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}],{{Tools}}}""");
        var choice = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["choices"]![0]!;
        var call = choice["message"]!["tool_calls"]!.AsArray().Single()!["function"]!;
        Assert.True(thought is null || choice["message"]!["reasoning_content"] is not null, choice.ToJsonString());
        Assert.Equal(("tool_calls", "look", thought), ((string?)choice["finish_reason"], (string?)call["name"], (string?)choice["message"]!["reasoning_content"]));
        Assert.Equal("I look.", ((string?)choice["message"]!["content"])!.Trim());
        Assert.Equal("Oslo", (string?)JsonNode.Parse((string)call["arguments"]!)!["city"]);
        var sent = JsonNode.Parse(scene.Cheap.Requests.Single().Body)!;
        Assert.Null(sent["tools"]);
        Assert.Contains("<tools>", (string?)sent["messages"]![0]!["content"], StringComparison.Ordinal);
        Assert.Contains(response.Headers.GetValues("x-countersign-warning"), warning => warning.Contains("in words", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    public async Task Results_GoBackInWords_AndStreamsAreReadToo(string path)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        string[] frames = [Chunk("Do"), Chunk("ne.<tool"), Chunk("""_call>{\"name\": \"look\", \"arguments\": {}}</tool_call>"""), Chunk("", "\"stop\""), "data: [DONE]\n\n"];
        scene.Cheap.Then(context => Script.WriteFramesAsync(context, frames, TimeSpan.Zero));
        using var response = await scene.PostAsync(path, path == "/v1/messages"
            ? """{"model":"gemma","stream":true,"max_tokens":99,"tools":[{"name":"look","input_schema":{"type":"object"}}],"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"look","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"sunny"}]}]}"""
            : $$"""{"model":"gemma","stream":true,{{Tools}},"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":""} } ]},{"role":"tool","tool_call_id":"c1","content":"sunny"}]}""");
        string stream = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("tool_call>", stream, StringComparison.Ordinal);
        Assert.Contains("\"name\":\"look\"", stream, StringComparison.Ordinal);
        string sent = scene.Cheap.Requests.Single().Body;
        Assert.DoesNotContain("\"role\":\"tool\"", sent, StringComparison.Ordinal);
        Assert.Contains("sunny", sent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("qwen", "vllm")] // has its own
    [InlineData("gemma", "llama.cpp")] // the server has words for them
    [InlineData("gemma", "openrouter")]
    public async Task Tools_ElsewhereAreTheServersMatter(string model, string server)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: server);
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}],{{Tools}}}""");
        Assert.NotNull(JsonNode.Parse(scene.Cheap.Requests.Single().Body)!["tools"]);
    }

    private static string Whole(string content) => """{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"CONTENT"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}""".Replace("CONTENT", content, StringComparison.Ordinal);

    private static string Chunk(string content, string finish = "null") =>
        """data: {"id":"1","model":"m","choices":[{"index":0,"delta":{"content":"CONTENT"},"finish_reason":FINISH}]}""".Replace("CONTENT", content, StringComparison.Ordinal).Replace("FINISH", finish, StringComparison.Ordinal) + "\n\n";
}
