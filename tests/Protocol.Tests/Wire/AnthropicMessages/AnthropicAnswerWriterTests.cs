using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Tests.Wire.Usages;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.AnthropicMessages;

namespace Countersign.Protocol.Tests.Wire.AnthropicMessages;

public class AnthropicAnswerWriterTests
{
    private static readonly AnswerHead Head = new("msg_req1", "invoice-extract", DateTimeOffset.UnixEpoch,
        new ChatRequest { Api = WireApiKind.AnthropicMessages, Model = "invoice-extract", Messages = [] });

    private static readonly Usage Spent = new() { InputTokens = 137, CachedInputTokens = 100, CacheWriteTokens = 10, LongCacheWriteTokens = 20, OutputTokens = 42, ReasoningTokens = 12 };

    private static readonly ChatEvent[] Events =
    [
        new AnswerStarted("up", "claude-x"),
        new ReasoningDelta(0, "Let me see."),
        new ReasoningDelta(0, "", "c2ln"),
        new ReasoningDelta(0, "", null, "c2Vj"),
        new TextDelta(0, "Grüße"),
        new TextDelta(0, "!"),
        new ToolCallDelta(0, 0, "toolu_1", "weather", ""),
        new ToolCallDelta(0, 0, null, null, "{\"city\":\"Rome\"}"),
        new ToolCallDelta(0, 1, "toolu_2", "now", "{}"),
        new ChoiceFinished(0, FinishReason.ToolCalls),
        new UsageReported(Spent),
    ];

    [Fact]
    public void Stream_EveryKindOfEvent_IsWrittenInAnthropicsOrder()
    {
        string expected = """
            event: message_start
            data: {"type":"message_start","message":{"id":"msg_req1","type":"message","role":"assistant","model":"invoice-extract","container":null,"content":[],"stop_reason":null,"stop_sequence":null,"stop_details":null,"usage":{"input_tokens":0,"output_tokens":0}}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me see."}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"c2Vj"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":1}

            event: content_block_start
            data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Grüße"}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"!"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":2}

            event: content_block_start
            data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_1","name":"weather","input":{},"caller":{"type":"direct"}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"city\":\"Rome\"}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":3}

            event: content_block_start
            data: {"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"toolu_2","name":"now","input":{},"caller":{"type":"direct"}}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":4,"delta":{"type":"input_json_delta","partial_json":"{}"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":4}

            event: message_delta
            data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null,"stop_details":null},"usage":{"input_tokens":7,"cache_creation_input_tokens":30,"cache_read_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":42,"output_tokens_details":{"thinking_tokens":12}}}

            event: message_stop
            data: {"type":"message_stop"}


            """;
        Assert.Equal(expected, Streams.Write(new AnthropicAnswerWriter(Head), Events, Spent));
    }

    [Fact]
    public void Whole_SameAnswer_HoldsEveryBlockAndTheCountersignObject()
    {
        string body = Streams.WriteWhole(new AnthropicAnswerWriter(Head), Streams.Build(Events), Spent, """{"route":"r"}""");
        Assert.Equal("""{"id":"msg_req1","type":"message","role":"assistant","model":"invoice-extract","container":null,"content":[{"type":"thinking","thinking":"Let me see.","signature":"c2ln"},{"type":"redacted_thinking","data":"c2Vj"},{"type":"text","text":"Grüße!"},{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Rome"},"caller":{"type":"direct"}},{"type":"tool_use","id":"toolu_2","name":"now","input":{},"caller":{"type":"direct"}}],"stop_reason":"tool_use","stop_sequence":null,"stop_details":null,"usage":{"input_tokens":7,"cache_creation_input_tokens":30,"cache_read_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":42,"output_tokens_details":{"thinking_tokens":12}},"countersign":{"route":"r"}}""", body);
    }

    [Theory]
    [InlineData(FinishReason.Stop, null, false, "end_turn")]
    [InlineData(FinishReason.Stop, "END", false, "stop_sequence")]
    [InlineData(FinishReason.Stop, null, true, "tool_use")]
    [InlineData(FinishReason.Length, null, true, "max_tokens")]
    [InlineData(FinishReason.ContentFilter, null, false, "refusal")]
    [InlineData(FinishReason.Unknown, null, false, "end_turn")]
    public void StopReason_EveryReason_IsWritten(FinishReason reason, string? stopSequence, bool hasToolCall, string expected)
    {
        List<ChatEvent> events = [new AnswerStarted(null, null), new ChoiceFinished(0, reason, stopSequence)];
        if (hasToolCall) events.Insert(1, new ToolCallDelta(0, 0, "a", "b", "{}"));
        Assert.Contains($"\"stop_reason\":\"{expected}\"", Streams.Write(new AnthropicAnswerWriter(Head), events, null), StringComparison.Ordinal);
        Assert.Contains($"\"stop_reason\":\"{expected}\"", Streams.WriteWhole(new AnthropicAnswerWriter(Head), Streams.Build(events), null), StringComparison.Ordinal);
    }

    [Fact]
    public void Refusal_IsTextWithItsStopReason()
    {
        ChatEvent[] events = [new RefusalDelta(0, "No."), new ChoiceFinished(0, FinishReason.Stop)];
        var read = Streams.Build(Streams.Read(new AnthropicAnswerReader(null), Streams.Write(new AnthropicAnswerWriter(Head), events, null)));
        Assert.Equal(("No.", FinishReason.ContentFilter), (read.Text, read.Choices[0].FinishReason));
    }

    [Fact]
    public void Usage_Unknown_IsANumberAsTheFormDemandsAndNamedAsUnknown()
    {
        string stream = Streams.Write(new AnthropicAnswerWriter(Head), [new TextDelta(0, "a")], null);
        Assert.Contains("""
            "usage":{"input_tokens":0,"cache_creation_input_tokens":null,"cache_read_input_tokens":null,"output_tokens":0,"countersign_unknown":["input_tokens","output_tokens"]}}
            """.Trim(), stream, StringComparison.Ordinal);
    }

    [Fact]
    public void Usage_PartlyUnknown_NamesThatPartAndIsReadBackSo()
    {
        var answer = Streams.Build([new TextDelta(0, "a"), new ChoiceFinished(0, FinishReason.Stop)]);
        string body = Streams.WriteWhole(new AnthropicAnswerWriter(Head), answer, new Usage { InputTokens = 7 });
        Assert.Contains("\"input_tokens\":7,", body, StringComparison.Ordinal);
        Assert.Contains("\"output_tokens\":0,\"countersign_unknown\":[\"output_tokens\"]}", body, StringComparison.Ordinal);
        var usage = UsageCases.Read(WireApiKind.AnthropicMessages, JsonNode.Parse(body)!["usage"]!.DeepClone().AsObject());
        Assert.Equal((7, (long?)null), (usage.InputTokens, usage.OutputTokens));
    }

    [Fact]
    public void Usage_Known_NamesNothing()
    {
        var answer = Streams.Build([new TextDelta(0, "a")]);
        Assert.DoesNotContain("countersign_unknown", Streams.WriteWhole(new AnthropicAnswerWriter(Head), answer, new Usage { InputTokens = 7, OutputTokens = 0 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"city\":\"Ro")]
    [InlineData("[1]")]
    [InlineData("nonsense")]
    public void Whole_ArgumentsThatAreNoObject_StayVisible(string arguments)
    {
        var answer = Streams.Build([new ToolCallDelta(0, 0, "a", "b", arguments), new ChoiceFinished(0, FinishReason.ToolCalls)]);
        using var body = JsonDocument.Parse(Streams.WriteWhole(new AnthropicAnswerWriter(Head), answer, null));
        Assert.Equal(arguments, body.RootElement.GetProperty("content")[0].GetProperty("input").GetProperty("INVALID_JSON").GetString());
    }

    [Fact]
    public void StreamProblem_IsAnErrorEvent()
    {
        var output = new ArrayBufferWriter<byte>();
        new AnthropicAnswerWriter(Head).WriteStreamProblem(new Problem(ProblemKind.UpstreamUnavailable, "Later."), output);
        Assert.Equal("""
            event: error
            data: {"type":"error","error":{"type":"overloaded_error","message":"Later."},"request_id":null}


            """, Encoding.UTF8.GetString(output.WrittenSpan));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Stream_RandomEvents_ReadsBackAsTheSameAnswer(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 300; round++)
        {
            var events = RandomAnswer.Events(random);
            var expected = Streams.Build(events);
            var read = Streams.Build(Streams.Read(new AnthropicAnswerReader(null), Streams.Write(new AnthropicAnswerWriter(Head), events, expected.Usage)));
            RandomAnswer.AssertSame(expected, read);
            var whole = Streams.Build(Streams.ReadWhole(new AnthropicAnswerReader(null), Streams.WriteWhole(new AnthropicAnswerWriter(Head), expected, expected.Usage)));
            RandomAnswer.AssertSame(expected, whole);
        }
    }
}
