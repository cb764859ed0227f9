using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.AnthropicMessages;

namespace Countersign.Protocol.Tests.Wire.AnthropicMessages;

public class AnthropicAnswerReaderTests
{
    private const string Thinking = """
        event: message_start
        data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":7,"cache_creation_input_tokens":30,"cache_read_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},"output_tokens":1}}}

        event: content_block_start
        data: {"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}

        event: ping
        data: {"type":"ping"}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me see."}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2lnbmVk"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":0}

        event: content_block_start
        data: {"type":"content_block_start","index":1,"content_block":{"type":"redacted_thinking","data":"c2VjcmV0"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":1}

        event: content_block_start
        data: {"type":"content_block_start","index":2,"content_block":{"type":"text","text":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":2,"delta":{"type":"text_delta","text":"Grüße"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":2}

        event: content_block_start
        data: {"type":"content_block_start","index":3,"content_block":{"type":"tool_use","id":"toolu_1","name":"weather","input":{}}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":""}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"{\"city\":"}}

        event: content_block_delta
        data: {"type":"content_block_delta","index":3,"delta":{"type":"input_json_delta","partial_json":"\"Rome\"}"}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":3}

        event: content_block_start
        data: {"type":"content_block_start","index":4,"content_block":{"type":"tool_use","id":"toolu_2","name":"now","input":{}}}

        event: content_block_stop
        data: {"type":"content_block_stop","index":4}

        event: message_delta
        data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":42,"output_tokens_details":{"thinking_tokens":12}}}

        event: message_stop
        data: {"type":"message_stop"}


        """;

    private const string Whole = """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-x","content":[
          {"type":"thinking","thinking":"Let me see.","signature":"c2lnbmVk"},{"type":"redacted_thinking","data":"c2VjcmV0"},
          {"type":"text","text":"Grüße"},{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Rome"}},{"type":"tool_use","id":"toolu_2","name":"now","input":{}}],
         "stop_reason":"tool_use","stop_sequence":null,
         "usage":{"input_tokens":7,"cache_creation_input_tokens":30,"cache_read_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":10,"ephemeral_1h_input_tokens":20},
                  "output_tokens":42,"output_tokens_details":{"thinking_tokens":12}}}
        """;

    [Fact]
    public void Stream_EveryKindOfBlock_BecomesEvents()
    {
        var reader = new AnthropicAnswerReader(null);
        var events = Streams.Read(reader, Thinking);
        var input = new Usage { InputTokens = 137, CachedInputTokens = 100, CacheWriteTokens = 10, LongCacheWriteTokens = 20 };
        ChatEvent[] expected =
        [
            new AnswerStarted("msg_1", "claude-x"),
            new UsageReported(input),
            new ReasoningDelta(0, "Let me see."),
            new ReasoningDelta(0, "", "c2lnbmVk"),
            new ReasoningDelta(0, "", null, "c2VjcmV0"),
            new TextDelta(0, "Grüße"),
            new ToolCallDelta(0, 0, "toolu_1", "weather", ""),
            new ToolCallDelta(0, 0, null, null, "{\"city\":"),
            new ToolCallDelta(0, 0, null, null, "\"Rome\"}"),
            new ToolCallDelta(0, 1, "toolu_2", "now", ""),
            new ToolCallDelta(0, 1, null, null, "{}"),
            new ChoiceFinished(0, FinishReason.ToolCalls),
            new UsageReported(input with { OutputTokens = 42, ReasoningTokens = 12 }),
        ];
        Assert.Equal(Streams.Lines(expected), Streams.Lines(events));
        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void Whole_SameMessage_AddsUpToTheSameAnswer()
    {
        var streamed = Streams.Build(Streams.Read(new AnthropicAnswerReader(null), Thinking));
        var whole = Streams.Build(Streams.ReadWhole(new AnthropicAnswerReader(null), Whole));
        Assert.Equal(streamed.Usage, whole.Usage);
        Assert.Equal(streamed.Choices[0].Reasoning, whole.Choices[0].Reasoning);
        Assert.Equal(streamed.Choices[0].ToolCalls, whole.Choices[0].ToolCalls);
        Assert.Equal((streamed.Id, streamed.Model, streamed.Text), (whole.Id, whole.Model, whole.Text));
        Assert.Equal(streamed.Choices[0].FinishReason, whole.Choices[0].FinishReason);
    }

    [Theory]
    [InlineData("end_turn", FinishReason.Stop)]
    [InlineData("stop_sequence", FinishReason.Stop)]
    [InlineData("max_tokens", FinishReason.Length)]
    [InlineData("model_context_window_exceeded", FinishReason.Length)]
    [InlineData("tool_use", FinishReason.ToolCalls)]
    [InlineData("refusal", FinishReason.ContentFilter)]
    [InlineData("pause_turn", FinishReason.Pause)]
    public void StopReason_Known_IsRead(string reason, FinishReason expected)
    {
        string body = $$"""{"content":[],"stop_reason":"{{reason}}","stop_sequence":"END"}""";
        var finished = Assert.Single(Streams.ReadWhole(new AnthropicAnswerReader(null), body).OfType<ChoiceFinished>());
        Assert.Equal((expected, "END"), (finished.Reason, finished.StopSequence));
    }

    [Fact]
    public void Usage_Missing_IsUnknown()
    {
        var answer = Streams.Build(Streams.ReadWhole(new AnthropicAnswerReader(null), """{"content":[]}"""));
        Assert.Equal(new Usage(), answer.Usage);
    }

    [Fact]
    public void Stream_CutBeforeItsStop_IsNotComplete()
    {
        var reader = new AnthropicAnswerReader(null);
        Streams.Read(reader, Thinking[..Thinking.IndexOf("event: message_stop", StringComparison.Ordinal)]);
        Assert.False(reader.IsComplete);
    }

    [Theory]
    [InlineData("overloaded_error", ProblemKind.UpstreamUnavailable)]
    [InlineData("rate_limit_error", ProblemKind.RateLimited)]
    [InlineData("api_error", ProblemKind.UpstreamFailed)]
    public void Stream_ErrorEvent_IsAProblem(string type, ProblemKind expected)
    {
        string frame = $$$"""
            event: error
            data: {"type":"error","error":{"type":"{{{type}}}","message":"Try later"}}
            """;
        var problem = Assert.Throws<ProblemException>(() => Streams.Read(new AnthropicAnswerReader(null), frame)).Problem;
        Assert.Equal((expected, "Try later"), (problem.Kind, problem.Message));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("<html>gateway timeout</html>")]
    [InlineData("{\"ok\":true}")]
    public void Whole_NoMessage_IsAProblemOfTheUpstream(string body)
    {
        var problem = Assert.Throws<ProblemException>(() => Streams.ReadWhole(new AnthropicAnswerReader(null), body)).Problem;
        Assert.Equal(ProblemKind.UpstreamFailed, problem.Kind);
        Assert.DoesNotContain("html", problem.Message, StringComparison.Ordinal);
    }
}
