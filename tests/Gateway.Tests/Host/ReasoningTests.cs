using System.Text.Json.Nodes;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Reasoning on its way out to the client and back to a model.</summary>
public sealed class ReasoningTests
{
    private const string Deployments = """
          hybrid:   { provider: cheap, model: Qwen/Qwen3-32B }
          reasoner: { provider: cheap, model: Qwen/QwQ-32B }
          r1:       { provider: cheap, model: deepseek-ai/DeepSeek-R1 }
          v4:       { provider: cheap, model: deepseek-v4-pro }

        """;

    [Theory]
    [InlineData("\"reasoning\":\"hm\",\"content\":\"yes\"")]
    [InlineData("\"reasoning_content\":\"hm\",\"content\":\"yes\"")]
    [InlineData("\"reasoning\":\"hm\",\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"hm\"}],\"content\":\"yes\"")]
    [InlineData("\"content\":\"<think>hm</think>yes\"")]
    [InlineData("\"content\":\"hm</think>yes\"")] // the prompt opened the thought
    public async Task Reasoning_HoweverTheServerWritesIt_IsAThinkingBlockToAnAnthropicClient(string message)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        scene.Cheap.Then(Script.Raw("application/json", $$$"""{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant",{{{message}}}},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"""));
        using var response = await scene.PostAsync("/v1/messages", """{"model":"reasoner","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}""");
        var content = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["content"]!.AsArray();
        Assert.Equal([("thinking", "hm"), ("text", "yes")], content.Select(block => ((string)block!["type"]!, (string)(block["thinking"] ?? block["text"])!)));
    }

    [Theory]
    [InlineData("hybrid", "<think>hm</think>yes")]
    [InlineData("hybrid", "\\u003cthink\\u003ehm\\u003c/think\\u003eyes")] // as servers write it that escape what HTML would take for a tag
    [InlineData("reasoner", "hm</think>yes")] // the prompt opened the thought
    public async Task Thought_LeftInTheText_IsToldApartForAClientOfTheSameApiToo(string model, string content)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        scene.Cheap.Then(Script.Raw("application/json", $$$"""{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"{{{content}}}"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"""));
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}]}""");
        var message = JsonNode.Parse(await response.Content.ReadAsStringAsync())!["choices"]![0]!["message"]!;
        Assert.Equal(("hm", "yes"), ((string?)message["reasoning_content"], (string?)message["content"]));
        Assert.Equal(3, (await scene.TraceOfAsync(response)).GetProperty("attempts")[0].GetProperty("usage").GetProperty("input_tokens").GetInt32());
    }

    [Theory]
    [InlineData(true, "<think>", "h", "m", "</think>", "yes")]
    [InlineData(true, "\\n", "<", "think>h", "m</th", "ink>\\n\\nye", "s")]
    [InlineData(true, "<think>hm</think>yes")]
    [InlineData(false, "y", "es <think>not a thought</think>")]
    [InlineData(false, "yes")]
    public async Task Thought_LeftAtTheBeginningOfAStream_IsToldApartForAClientOfTheSameApiToo(bool isThought, params string[] pieces)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        string[] frames = [Chunk("\"role\":\"assistant\",\"content\":\"\""), .. pieces.Select(piece => Chunk($"\"content\":\"{piece}\"")), Chunk("", "\"stop\""), """data: {"id":"1","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}""" + "\n\n", "data: [DONE]\n\n"];
        foreach (bool inOnePiece in (bool[])[true, false])
        {
            scene.Cheap.Then(context => Script.WriteFramesAsync(context, inOnePiece ? [string.Concat(frames)] : frames, TimeSpan.Zero));
            using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"hybrid","stream":true,"stream_options":{"include_usage":true},"messages":[{"role":"user","content":"hi"}]}""");
            string stream = await response.Content.ReadAsStringAsync();
            if (!isThought) Assert.Equal(string.Concat(frames), stream);
            var deltas = stream.Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[6..])!).SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => choice!["delta"]!).ToList();
            Assert.Equal(isThought ? "hm" : "", string.Concat(deltas.Select(delta => (string?)delta["reasoning_content"])).Trim());
            Assert.Equal(isThought ? "yes" : string.Concat(pieces), string.Concat(deltas.Select(delta => (string?)delta["content"])).Trim());
            Assert.Contains("\"prompt_tokens\":3", stream, StringComparison.Ordinal);
            Assert.EndsWith("data: [DONE]\n\n", stream, StringComparison.Ordinal);
            Assert.Equal(2, (await scene.TraceOfAsync(response)).GetProperty("attempts")[0].GetProperty("usage").GetProperty("output_tokens").GetInt32());
        }
    }

    private static string Chunk(string delta, string finish = "null") => """data: {"id":"1","model":"m","choices":[{"index":0,"delta":{""" + delta + """},"finish_reason":""" + finish + "}]}\n\n";

    [Theory]
    [InlineData("r1", null)]
    [InlineData("v4", "old")]
    public async Task Reasoning_OfEarlierAnswers_GoesBackByTheFamilysRule(string model, string? kept)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        using var response = await scene.PostAsync("/v1/messages", $$"""
            {"model":"{{model}}","max_tokens":50,"messages":[{"role":"user","content":"hi"},
             {"role":"assistant","content":[{"type":"thinking","thinking":"old","signature":""},{"type":"text","text":"yes"}]},{"role":"user","content":"more"}]}
            """);
        Assert.Equal(kept, (string?)JsonNode.Parse(scene.Cheap.Requests.Single().Body)!["messages"]![1]!["reasoning_content"]);
    }

    [Theory]
    [InlineData("r1", "old", null)]
    [InlineData("v4", "old", "old")]
    [InlineData("v4", null, "")]
    [InlineData("reasoner", null, null)]
    public async Task Reasoning_InTheUpstreamsOwnApi_FollowsTheRuleToo(string model, string? sent, string? kept)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        string reasoning = sent is null ? "" : $",\"reasoning_content\":\"{sent}\"";
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":"yes"{{reasoning}}},{"role":"user","content":"more"}]}""");
        Assert.Equal(kept, (string?)JsonNode.Parse(scene.Cheap.Requests.Single().Body)!["messages"]![1]!["reasoning_content"]);
    }

    [Theory]
    [InlineData("sealer", true)]
    [InlineData("other", false)]
    public async Task Seal_OfAnotherMaker_IsNotSent(string model, bool isSent)
    {
        await using var scene = await GatewayScene.StartAsync("  sealer: { provider: cheap, model: anthropic/claude-sonnet-5 }\n  other: { provider: cheap, model: google/gemini-3.1-pro-preview }", server: "openrouter");
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""
            {"model":"{{model}}","messages":[{"role":"user","content":"one"},
             {"role":"assistant","content":"1","reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s-77","format":"anthropic-claude-v1"}]},{"role":"user","content":"two"}]}
            """);
        Assert.Equal(isSent, scene.Cheap.Requests.Single().Body.Contains("s-77", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/v1/chat/completions")]
    [InlineData("/v1/messages")]
    public async Task EmptyAnswer_ThatRanOutOfTokensWhileThinking_IsToldOf(string path)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        scene.Cheap.Then(Script.Raw("application/json", """{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"","reasoning":"hm"},"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":50}}"""));
        using var response = await scene.PostAsync(path, """{"model":"reasoner","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Contains("still thinking", response.Headers.GetValues("x-countersign-warning").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "openai", true)]
    [InlineData("/v1/messages", "openai", true)]
    [InlineData("/v1/chat/completions", "openai", false)]
    public async Task EmptyStream_ThatRanOutOfTokensWhileThinking_IsToldOfInTheTrace(string path, string api, bool isEmpty)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, api, server: "vllm");
        string[] deltas = ["""{"role":"assistant","content":""}""", """{"reasoning":"h"}""", """{"reasoning":"m"}""", isEmpty ? "{}" : """{"content":"yes"}"""];
        scene.Cheap.Then(context => Script.WriteFramesAsync(context, [.. deltas.Select(delta => $$"""data: {"id":"1","model":"m","choices":[{"index":0,"delta":{{delta}},"finish_reason":null}]}""" + "\n\n"), """data: {"id":"1","model":"m","choices":[{"index":0,"delta":{},"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":50}}""" + "\n\n", "data: [DONE]\n\n"], TimeSpan.Zero));
        using var response = await scene.PostAsync(path, """{"model":"reasoner","stream":true,"max_tokens":50,"messages":[{"role":"user","content":"hi"}]}""");
        await response.Content.ReadAsStringAsync();
        Assert.Equal(isEmpty, (await scene.TraceOfAsync(response)).GetRawText().Contains("still thinking", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EmptyAnswer_OfAMakerWhoOnlyCountsThoughts_IsToldOf()
    {
        await using var scene = await GatewayScene.StartAsync("  gpt: { provider: cheap, model: gpt-5-mini }", server: "openai");
        scene.Cheap.Then(Script.Raw("application/json", """{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":50,"completion_tokens_details":{"reasoning_tokens":50}}}"""));
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"gpt","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Contains("still thinking", response.Headers.GetValues("x-countersign-warning").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmptyDraft_ThatRanOutOfTokensWhileThinking_IsRejectedWithThatFinding()
    {
        await using var scene = await GatewayScene.StartAsync(Deployments + "routes: { gated: { draft: { deployment: reasoner }, validate: [ { contains: { all: [hello] } } ], repair: { attempts: 1 } } }", server: "vllm");
        scene.Cheap.Then(Script.Raw("application/json", """{"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"","reasoning":"hm"},"finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":50}}""")).Then(Script.Answer());
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"gated","max_tokens":50,"messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(2, scene.Cheap.Requests.Count);
        Assert.Contains("spent on thinking", scene.Cheap.Requests.Last().Body, StringComparison.Ordinal);
    }
}
