using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.OpenAiResponses;

namespace Countersign.Protocol.Tests.Wire.OpenAiResponses;

public class ResponsesAnswerReaderTests
{
    private const string Stream = """
        event: response.created
        data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-x","output":[]}}

        event: response.in_progress
        data: {"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_1","object":"response","status":"in_progress","model":"gpt-x","output":[]}}

        event: response.output_item.added
        data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[]}}

        event: response.reasoning_summary_part.added
        data: {"type":"response.reasoning_summary_part.added","sequence_number":3,"item_id":"rs_1","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}

        event: response.reasoning_summary_text.delta
        data: {"type":"response.reasoning_summary_text.delta","sequence_number":4,"item_id":"rs_1","output_index":0,"summary_index":0,"delta":"First."}

        event: response.reasoning_summary_part.added
        data: {"type":"response.reasoning_summary_part.added","sequence_number":5,"item_id":"rs_1","output_index":0,"summary_index":1,"part":{"type":"summary_text","text":""}}

        event: response.reasoning_summary_text.delta
        data: {"type":"response.reasoning_summary_text.delta","sequence_number":6,"item_id":"rs_1","output_index":0,"summary_index":1,"delta":"Second."}

        event: response.output_item.done
        data: {"type":"response.output_item.done","sequence_number":7,"output_index":0,"item":{"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"First."},{"type":"summary_text","text":"Second."}],"encrypted_content":"gAAA"}}

        event: response.output_item.added
        data: {"type":"response.output_item.added","sequence_number":8,"output_index":1,"item":{"id":"msg_1","type":"message","status":"in_progress","role":"assistant","content":[]}}

        event: response.content_part.added
        data: {"type":"response.content_part.added","sequence_number":9,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","annotations":[],"logprobs":[],"text":""}}

        event: response.output_text.delta
        data: {"type":"response.output_text.delta","sequence_number":10,"item_id":"msg_1","output_index":1,"content_index":0,"delta":"Grüße","logprobs":[{"token":"Grüße","logprob":-0.5,"top_logprobs":[]}]}

        event: response.output_text.done
        data: {"type":"response.output_text.done","sequence_number":11,"item_id":"msg_1","output_index":1,"content_index":0,"text":"Grüße","logprobs":[]}

        event: response.content_part.done
        data: {"type":"response.content_part.done","sequence_number":12,"item_id":"msg_1","output_index":1,"content_index":0,"part":{"type":"output_text","annotations":[],"logprobs":[],"text":"Grüße"}}

        event: response.output_item.done
        data: {"type":"response.output_item.done","sequence_number":13,"output_index":1,"item":{"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","annotations":[],"logprobs":[],"text":"Grüße"}]}}

        event: response.output_item.added
        data: {"type":"response.output_item.added","sequence_number":14,"output_index":2,"item":{"id":"fc_1","type":"function_call","status":"in_progress","arguments":"","call_id":"call_1","name":"weather"}}

        event: response.function_call_arguments.delta
        data: {"type":"response.function_call_arguments.delta","sequence_number":15,"item_id":"fc_1","output_index":2,"delta":"{\"city\":"}

        event: response.function_call_arguments.delta
        data: {"type":"response.function_call_arguments.delta","sequence_number":16,"item_id":"fc_1","output_index":2,"delta":"\"Rome\"}"}

        event: response.function_call_arguments.done
        data: {"type":"response.function_call_arguments.done","sequence_number":17,"item_id":"fc_1","output_index":2,"arguments":"{\"city\":\"Rome\"}"}

        event: response.output_item.done
        data: {"type":"response.output_item.done","sequence_number":18,"output_index":2,"item":{"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"city\":\"Rome\"}","call_id":"call_1","name":"weather"}}

        event: response.completed
        data: {"type":"response.completed","sequence_number":19,"response":{"id":"resp_1","object":"response","status":"completed","model":"gpt-x","output":[],"usage":{"input_tokens":50,"input_tokens_details":{"cached_tokens":40},"output_tokens":20,"output_tokens_details":{"reasoning_tokens":8},"total_tokens":70}}}


        """;

    private const string Whole = """
        {"id":"resp_1","object":"response","status":"completed","model":"gpt-x","error":null,"output":[
          {"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"First."},{"type":"summary_text","text":"Second."}],"encrypted_content":"gAAA"},
          {"id":"msg_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","annotations":[],"text":"Grüße"}]},
          {"id":"fc_1","type":"function_call","status":"completed","arguments":"{\"city\":\"Rome\"}","call_id":"call_1","name":"weather"}],
         "usage":{"input_tokens":50,"input_tokens_details":{"cached_tokens":40},"output_tokens":20,"output_tokens_details":{"reasoning_tokens":8},"total_tokens":70}}
        """;

    private static readonly Usage Counted = new() { InputTokens = 50, CachedInputTokens = 40, OutputTokens = 20, ReasoningTokens = 8 };

    [Fact]
    public void Stream_EveryKindOfItem_BecomesEvents()
    {
        var reader = new ResponsesAnswerReader(null);
        var events = Streams.Read(reader, Stream);
        var logprobs = Assert.Single(events.OfType<LogprobsDelta>());
        Assert.Equal(new TokenLogprob("Grüße", -0.5), Assert.Single(logprobs.Tokens) with { Top = null });
        ChatEvent[] expected =
        [
            new AnswerStarted("resp_1", "gpt-x"),
            new ReasoningDelta(0, "First."),
            new ReasoningDelta(0, "\n\n"),
            new ReasoningDelta(0, "Second."),
            new ReasoningDelta(0, "", "gAAA"),
            new TextDelta(0, "Grüße"),
            new ToolCallDelta(0, 0, "call_1", "weather", ""),
            new ToolCallDelta(0, 0, null, null, "{\"city\":"),
            new ToolCallDelta(0, 0, null, null, "\"Rome\"}"),
            new UsageReported(Counted),
            new ChoiceFinished(0, FinishReason.ToolCalls),
        ];
        Assert.Equal(Streams.Lines(expected), Streams.Lines(events.Where(chatEvent => chatEvent is not LogprobsDelta)));
        Assert.True(reader.IsComplete);
    }

    [Fact]
    public void Whole_SameResponse_AddsUpToTheSameAnswer()
    {
        var streamed = Streams.Build(Streams.Read(new ResponsesAnswerReader(null), Stream));
        var whole = Streams.Build(Streams.ReadWhole(new ResponsesAnswerReader(null), Whole));
        RandomAnswer.AssertSame(streamed, whole);
        Assert.Equal(new ReasoningPart("First.\n\nSecond.", "gAAA"), Assert.Single(whole.Choices[0].Reasoning));
        Assert.Equal(Counted, whole.Usage);
    }

    [Fact]
    public void Stream_ItemsThatComeWithTheirEndOnly_AreReadFromIt()
    {
        const string Bare = """
            event: response.created
            data: {"type":"response.created","response":{"id":"r","model":"m"}}

            data: {"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","summary":[],"content":[{"type":"reasoning_text","text":"Hm."}]}}

            data: {"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"type":"output_text","text":"Yes"},{"type":"refusal","refusal":"No"}]}}

            data: {"type":"response.output_item.done","output_index":2,"item":{"type":"function_call","call_id":"c","name":"f","arguments":"{}"}}

            data: {"type":"response.incomplete","response":{"status":"incomplete","incomplete_details":{"reason":"max_output_tokens"}}}
            """;
        var choice = Streams.Build(Streams.Read(new ResponsesAnswerReader(null), Bare)).Choices[0];
        Assert.Equal(("Yes", "No", FinishReason.Length), (choice.Text, choice.Refusal, choice.FinishReason));
        Assert.Equal(new ReasoningPart("Hm."), Assert.Single(choice.Reasoning));
        Assert.Equal(new ToolCall("c", "f", "{}"), Assert.Single(choice.ToolCalls));
    }

    [Fact]
    public void Stream_ThoughtsAndTheirSummary_AreTakenOnce()
    {
        const string Both = """
            data: {"type":"response.reasoning_text.delta","output_index":0,"content_index":0,"delta":"I think."}

            data: {"type":"response.reasoning_summary_text.delta","output_index":0,"summary_index":0,"delta":"Thought."}

            data: {"type":"response.output_item.done","output_index":0,"item":{"type":"reasoning","summary":[{"type":"summary_text","text":"Thought."}]}}
            """;
        Assert.Equal(Streams.Lines([new ReasoningDelta(0, "I think.")]), Streams.Lines(Streams.Read(new ResponsesAnswerReader(null), Both)));
    }

    [Theory]
    [InlineData("""data: {"type":"error","code":"rate_limit_exceeded","message":"Slow down","param":null}""", ProblemKind.RateLimited)]
    [InlineData("""data: {"type":"error","error":{"code":"server_error","message":"Slow down"}}""", ProblemKind.UpstreamFailed)]
    [InlineData("""data: {"type":"response.failed","response":{"status":"failed","error":{"code":"server_error","message":"Slow down"}}}""", ProblemKind.UpstreamFailed)]
    public void Stream_Failure_IsAProblem(string frame, ProblemKind expected)
    {
        var reader = new ResponsesAnswerReader(null);
        var problem = Assert.Throws<ProblemException>(() => Streams.Read(reader, frame)).Problem;
        Assert.Equal((expected, "Slow down"), (problem.Kind, problem.Message));
        Assert.False(reader.IsComplete);
    }

    [Fact]
    public void Stream_FailureWithUsage_ReportsTheUsageFirst()
    {
        List<ChatEvent> events = [];
        byte[] data = """{"type":"response.failed","response":{"status":"failed","error":{"message":"x"},"usage":{"input_tokens":5,"output_tokens":1}}}"""u8.ToArray();
        Assert.Throws<ProblemException>(() => new ResponsesAnswerReader(null).ReadFrame([], data, events));
        Assert.Equal(5, Assert.Single(events.OfType<UsageReported>()).Usage.InputTokens);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"choices\":[]}")]
    public void Whole_NoResponse_IsAProblemOfTheUpstream(string body) =>
        Assert.Equal(ProblemKind.UpstreamFailed, Assert.Throws<ProblemException>(() => Streams.ReadWhole(new ResponsesAnswerReader(null), body)).Problem.Kind);
}
