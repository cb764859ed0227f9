using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>A tool loop through the gateway: what a maker sealed goes out to clients of every API in that API's own form, comes back, and reaches its maker byte for byte and nobody else.</summary>
public sealed class SealTests
{
    private const string Sealed = "c2VhbA+/==";

    private static readonly WireApiKind[] Clients = [WireApiKind.OpenAiChat, WireApiKind.OpenAiResponses, WireApiKind.AnthropicMessages];

    private static readonly (WireApiKind Api, string Maker, string Model, string Server, string Answer)[] Upstreams =
    [
        (WireApiKind.AnthropicMessages, Makers.Anthropic, "claude-sonnet-5", "anthropic", """
            {"id":"1","type":"message","model":"m","content":[{"type":"thinking","thinking":"Hm.","signature":"c2VhbA+/=="},{"type":"tool_use","id":"c1","name":"look","input":{}}],"stop_reason":"tool_use"}
            """),
        (WireApiKind.AnthropicMessages, Makers.Anthropic, "claude-sonnet-5", "anthropic", """
            {"id":"1","type":"message","model":"m","content":[{"type":"redacted_thinking","data":"c2VhbA+/=="},{"type":"tool_use","id":"c1","name":"look","input":{}}],"stop_reason":"tool_use"}
            """),
        (WireApiKind.OpenAiResponses, Makers.OpenAi, "gpt-5", "openai", """
            {"id":"1","model":"m","status":"completed","output":[{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gAAAAAc2VhbA+/=="},
             {"type":"function_call","id":"fc_1","call_id":"c1","name":"look","arguments":"{}"}]}
            """),
        (WireApiKind.OpenAiResponses, Makers.XAi, "grok-4.3", "xai", """
            {"id":"1","model":"m","status":"completed","output":[{"type":"reasoning","id":"rs_1","summary":[],"encrypted_content":"c2VhbA+/=="},
             {"type":"function_call","id":"fc_1","call_id":"c1","name":"look","arguments":"{}"}]}
            """),
        (WireApiKind.Gemini, Makers.Google, "gemini-3.1-pro-preview", "gemini", """
            {"candidates":[{"content":{"parts":[{"text":"Hm.","thought":true},{"functionCall":{"id":"c1","name":"look","args":{}},"thoughtSignature":"c2VhbA+/=="}]},"finishReason":"STOP"}]}
            """),
        (WireApiKind.OpenAiChat, Makers.Anthropic, "anthropic/claude-sonnet-5", "openrouter", OpenRouters("anthropic-claude-v1", """{"type":"reasoning.text","text":"Hm.","signature":"c2VhbA+/==",""")),
        (WireApiKind.OpenAiChat, Makers.OpenAi, "openai/gpt-5", "openrouter", OpenRouters("openai-responses-v1", """{"type":"reasoning.encrypted","data":"gAAAAAc2VhbA+/==",""")),
        (WireApiKind.OpenAiChat, Makers.Google, "google/gemini-3.1-pro-preview", "openrouter", OpenRouters("google-gemini-v1", """{"type":"reasoning.encrypted","data":"c2VhbA+/==",""")),
    ];

    public static TheoryData<int, WireApiKind, bool> Ways() =>
        [.. from upstream in Enumerable.Range(0, Upstreams.Length) from client in Clients from stream in (bool[])[false, true] select (upstream, client, stream)];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Seal_ThroughAClient_GoesBackToItsMakerAndToNoOther(int index, WireApiKind client, bool isStream)
    {
        var from = Upstreams[index];
        var events = Streams.ReadWhole(UpstreamApi.Of(from.Api).NewAnswerReader(from.Maker), from.Answer);
        var request = Requests.Read(client, ToolLoop(client, isStream ? SeenStream(client, events) : SeenWhole(client, events)));
        foreach (var to in Upstreams)
        {
            List<string> warnings = [];
            var rule = EffortRules.For(to.Model, to.Server);
            string written = Requests.Write(to.Api, ReplayedReasoning.For(request, rule, warnings), warnings, model: to.Model, maker: rule.SealedBy, server: to.Server).ToJsonString(SeenPlain);
            Assert.Equal(to.Maker == from.Maker, written.Contains(Sealed, StringComparison.Ordinal));
            Assert.DoesNotContain("sealed-by-", written, StringComparison.Ordinal);
            Assert.Equal(to.Maker != from.Maker, warnings.Any(warning => warning.Contains("reasoning", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("gAAAAABseal", "gpt-5", "openai", true)]
    [InlineData("gAAAAABseal", "grok-4.3", "xai", false)]
    [InlineData("Hfq+seal", "grok-4.3", "xai", true)]
    [InlineData("Hfq+seal", "gpt-5", "openai", false)]
    [InlineData("Hfq+seal", "someones-model", "vllm", true)] // Who is behind it nobody knows.
    public void Seal_OfAResponsesClientWithoutMark_IsKnownByItsForm(string seal, string model, string server, bool isKept)
    {
        var request = Requests.Read(WireApiKind.OpenAiResponses, $$"""{"model":"m","input":[{"role":"user","content":"Go"},{"type":"reasoning","summary":[],"encrypted_content":"{{seal}}"},{"type":"function_call","call_id":"c1","name":"look","arguments":"{}"},{"type":"function_call_output","call_id":"c1","output":"ok"}]}""");
        List<string> warnings = [];

        var replayed = ReplayedReasoning.For(request, EffortRules.For(model, server), warnings);

        Assert.Equal((isKept, isKept), (ReferenceEquals(request, replayed), warnings.Count == 0));
        Assert.Equal(isKept, replayed.Messages.Any(message => message.Parts.Any(part => part is ReasoningPart { Signature: not null })));
    }

    private static System.Text.Json.JsonSerializerOptions SeenPlain { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string OpenRouters(string format, string detail) => """
        {"id":"1","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":null,"reasoning_details":[DETAIL"format":"FORMAT","index":0}],
         "tool_calls":[{"id":"c1","type":"function","function":{"name":"look","arguments":"{}"}}]},"finish_reason":"tool_calls"}]}
        """.Replace("DETAIL", detail, StringComparison.Ordinal).Replace("FORMAT", format, StringComparison.Ordinal);

    private static AnswerWriter WriterFor(WireApiKind client) =>
        WireApi.For(client).NewAnswerWriter(new AnswerHead("id_1", "m", DateTimeOffset.UnixEpoch, new ChatRequest { Api = client, Model = "m", Messages = [] }));

    /// <summary>What the client sends back of a whole answer: the message, its blocks, or its items.</summary>
    private static JsonNode SeenWhole(WireApiKind client, IEnumerable<ChatEvent> events)
    {
        var whole = JsonNode.Parse(Streams.WriteWhole(WriterFor(client), Streams.Build(events), null))!;
        return (client switch
        {
            WireApiKind.OpenAiChat => whole["choices"]![0]!["message"],
            WireApiKind.AnthropicMessages => whole["content"],
            _ => whole["output"],
        })!;
    }

    /// <summary>The same, put together from a stream as such clients do.</summary>
    private static JsonNode SeenStream(WireApiKind client, IEnumerable<ChatEvent> events)
    {
        var frames = Streams.Write(WriterFor(client), events, null).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal)).Select(line => JsonNode.Parse(line[6..])!).ToList();
        return client switch
        {
            WireApiKind.OpenAiChat => SeenChunks(frames),
            WireApiKind.AnthropicMessages => SeenBlocks(frames),
            _ => new JsonArray([.. frames.Where(frame => (string)frame["type"]! == "response.output_item.done").Select(frame => frame["item"]!.DeepClone())]),
        };
    }

    private static JsonObject SeenChunks(IEnumerable<JsonNode> chunks)
    {
        JsonArray details = [], calls = [];
        foreach (var delta in chunks.SelectMany(chunk => chunk["choices"]!.AsArray()).Select(choice => choice!["delta"]!))
        {
            foreach (var detail in delta["reasoning_details"] as JsonArray ?? []) details.Add(detail!.DeepClone());
            foreach (var call in delta["tool_calls"] as JsonArray ?? []) calls.Add(call!.DeepClone());
        }

        return new JsonObject { ["role"] = "assistant", ["content"] = null, ["reasoning_details"] = details, ["tool_calls"] = calls };
    }

    private static JsonArray SeenBlocks(IEnumerable<JsonNode> frames)
    {
        JsonArray blocks = [];
        foreach (var frame in frames)
        {
            if ((string)frame["type"]! == "content_block_start") blocks.Add(frame["content_block"]!.DeepClone());
            foreach (string name in (string[])["thinking", "signature"])
            {
                if (frame["delta"]?[name] is { } more) blocks[^1]![name] = (string)blocks[^1]![name]! + (string)more!;
            }
        }

        return blocks;
    }

    private static string ToolLoop(WireApiKind client, JsonNode seen) => client switch
    {
        WireApiKind.OpenAiChat => $$"""{"model":"m","messages":[{"role":"user","content":"Go"},{{seen.ToJsonString()}},{"role":"tool","tool_call_id":"c1","content":"ok"}]}""",
        WireApiKind.AnthropicMessages => $$"""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"Go"},{"role":"assistant","content":{{seen.ToJsonString()}} },{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"ok"}]}]}""",
        _ => $$"""{"model":"m","input":[{"role":"user","content":"Go"},{{seen.ToJsonString()[1..^1]}},{"type":"function_call_output","call_id":"c1","output":"ok"}]}""",
    };
}
