using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.OpenAiResponses;

namespace Countersign.Protocol.Tests.Wire.OpenAiResponses;

public class ResponsesAnswerWriterTests
{
    private static readonly AnswerHead Head = new("resp_1", "invoice-extract", DateTimeOffset.UnixEpoch.AddSeconds(9),
        new ChatRequest { Api = WireApiKind.OpenAiResponses, Model = "invoice-extract", Messages = [] });

    private static readonly Usage Spent = new() { InputTokens = 50, CachedInputTokens = 40, OutputTokens = 20, ReasoningTokens = 8 };

    private static readonly ChatEvent[] Events =
    [
        new AnswerStarted("up", "gpt-x"),
        new ReasoningDelta(0, "Hm."),
        new ReasoningDelta(0, "", "gAAA"),
        new TextDelta(0, "Grü"),
        new TextDelta(0, "ße"),
        new ToolCallDelta(0, 0, "call_1", "weather", ""),
        new ToolCallDelta(0, 0, null, null, "{}"),
        new ChoiceFinished(0, FinishReason.ToolCalls),
    ];

    private const string Begun = """{"id":"resp_1","object":"response","created_at":9,"status":"in_progress","background":false,"error":null,"incomplete_details":null,"model":"invoice-extract","output":[],""" + Rest + ",\"usage\":null";

    private const string Ended = """{"id":"resp_1","object":"response","created_at":9,"status":"completed","background":false,"error":null,"incomplete_details":null,"model":"invoice-extract","output":""" + Output + "," + Rest + ",\"usage\":" + Counted;

    private const string Rest = """
        "previous_response_id":null,"store":false,"instructions":null,"max_output_tokens":null,"metadata":{},"parallel_tool_calls":true,"reasoning":{"effort":null,"summary":null},"temperature":null,"text":{"format":{"type":"text"}},"tool_choice":"auto","tools":[],"top_p":null,"truncation":"disabled","user":null
        """;

    private const string Output = """
        [{"id":"rs_resp_1_0","type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gAAA"},{"id":"msg_resp_1_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Grüße","annotations":[],"logprobs":[]}]},{"id":"fc_resp_1_2","type":"function_call","status":"completed","call_id":"call_1","name":"weather","arguments":"{}"}]
        """;

    private const string Counted = """
        {"input_tokens":50,"input_tokens_details":{"cached_tokens":40},"output_tokens":20,"output_tokens_details":{"reasoning_tokens":8},"total_tokens":70}
        """;

    [Fact]
    public void Stream_EveryKindOfEvent_IsWrittenInOpenAisOrder()
    {
        string[] expected =
        [
            """{"type":"response.created","sequence_number":0,"response":""" + Begun + "}}",
            """{"type":"response.in_progress","sequence_number":1,"response":""" + Begun + "}}",
            """{"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_resp_1_0","type":"reasoning","summary":[]}}""",
            """{"type":"response.reasoning_summary_part.added","sequence_number":3,"item_id":"rs_resp_1_0","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}""",
            """{"type":"response.reasoning_summary_text.delta","sequence_number":4,"item_id":"rs_resp_1_0","output_index":0,"summary_index":0,"delta":"Hm."}""",
            """{"type":"response.reasoning_summary_text.done","sequence_number":5,"item_id":"rs_resp_1_0","output_index":0,"summary_index":0,"text":"Hm."}""",
            """{"type":"response.reasoning_summary_part.done","sequence_number":6,"item_id":"rs_resp_1_0","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":"Hm."}}""",
            """{"type":"response.output_item.done","sequence_number":7,"output_index":0,"item":{"id":"rs_resp_1_0","type":"reasoning","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gAAA"}}""",
            """{"type":"response.output_item.added","sequence_number":8,"output_index":1,"item":{"id":"msg_resp_1_1","type":"message","status":"in_progress","role":"assistant","content":[]}}""",
            """{"type":"response.content_part.added","sequence_number":9,"item_id":"msg_resp_1_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}""",
            """{"type":"response.output_text.delta","sequence_number":10,"item_id":"msg_resp_1_1","output_index":1,"content_index":0,"delta":"Grü","logprobs":[]}""",
            """{"type":"response.output_text.delta","sequence_number":11,"item_id":"msg_resp_1_1","output_index":1,"content_index":0,"delta":"ße","logprobs":[]}""",
            """{"type":"response.output_text.done","sequence_number":12,"item_id":"msg_resp_1_1","output_index":1,"content_index":0,"text":"Grüße","logprobs":[]}""",
            """{"type":"response.content_part.done","sequence_number":13,"item_id":"msg_resp_1_1","output_index":1,"content_index":0,"part":{"type":"output_text","text":"Grüße","annotations":[],"logprobs":[]}}""",
            """{"type":"response.output_item.done","sequence_number":14,"output_index":1,"item":{"id":"msg_resp_1_1","type":"message","status":"completed","role":"assistant","content":[{"type":"output_text","text":"Grüße","annotations":[],"logprobs":[]}]}}""",
            """{"type":"response.output_item.added","sequence_number":15,"output_index":2,"item":{"id":"fc_resp_1_2","type":"function_call","status":"in_progress","call_id":"call_1","name":"weather","arguments":""}}""",
            """{"type":"response.function_call_arguments.delta","sequence_number":16,"item_id":"fc_resp_1_2","output_index":2,"delta":"{}"}""",
            """{"type":"response.function_call_arguments.done","sequence_number":17,"item_id":"fc_resp_1_2","output_index":2,"name":"weather","arguments":"{}"}""",
            """{"type":"response.output_item.done","sequence_number":18,"output_index":2,"item":{"id":"fc_resp_1_2","type":"function_call","status":"completed","call_id":"call_1","name":"weather","arguments":"{}"}}""",
            """{"type":"response.completed","sequence_number":19,"response":""" + Ended + "}}",
        ];
        Assert.Equal(string.Concat(expected.Select(Frame)), Streams.Write(new ResponsesAnswerWriter(Head), Events, Spent));
    }

    [Fact]
    public void Whole_SameAnswer_HasTheSameOutput()
    {
        string body = Streams.WriteWhole(new ResponsesAnswerWriter(Head), Streams.Build(Events), Spent, """{"route":"r"}""");
        Assert.Equal(Ended + ",\"countersign\":{\"route\":\"r\"}}", body);
    }

    [Theory]
    [InlineData(FinishReason.Length, "max_output_tokens")]
    [InlineData(FinishReason.ContentFilter, "content_filter")]
    public void Incomplete_Stream_SaysWhyAndMarksItsLastItem(FinishReason reason, string expected)
    {
        string stream = Streams.Write(new ResponsesAnswerWriter(Head), [new TextDelta(0, "Half"), new ChoiceFinished(0, reason)], null);
        string last = stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)[^1];
        Assert.StartsWith("event: response.incomplete\n", last, StringComparison.Ordinal);
        using var data = JsonDocument.Parse(last[(last.IndexOf("data: ", StringComparison.Ordinal) + 6)..]);
        var response = data.RootElement.GetProperty("response");
        Assert.Equal("incomplete", response.GetProperty("status").GetString());
        Assert.Equal(expected, response.GetProperty("incomplete_details").GetProperty("reason").GetString());
        Assert.Equal("incomplete", response.GetProperty("output")[0].GetProperty("status").GetString());
    }

    [Fact]
    public void TextThenRefusal_AreTwoPartsOfOneMessage()
    {
        ChatEvent[] events = [new TextDelta(0, "Well. "), new RefusalDelta(0, "No."), new ChoiceFinished(0, FinishReason.Stop)];
        string stream = Streams.Write(new ResponsesAnswerWriter(Head), events, null);
        Assert.Contains("\"content_index\":1,\"refusal\":\"No.\"", stream, StringComparison.Ordinal);
        RandomAnswer.AssertSame(Streams.Build(events), Streams.Build(Streams.Read(new ResponsesAnswerReader(null), stream)));
    }

    [Fact]
    public void RedactedThinking_SurvivesAResponsesClient()
    {
        ChatEvent[] events = [new ReasoningDelta(0, "", null, "c2Vj"), new TextDelta(0, "a"), new ChoiceFinished(0, FinishReason.Stop)];
        RandomAnswer.AssertSame(Streams.Build(events), Streams.Build(Streams.Read(new ResponsesAnswerReader(null), Streams.Write(new ResponsesAnswerWriter(Head), events, null))));
    }

    [Fact]
    public void Logprobs_BesideTheText_AreWrittenWithTheWholeText()
    {
        ChatEvent[] events = [new LogprobsDelta(0, [new TokenLogprob("a", -1)]), new TextDelta(0, "a"), new LogprobsDelta(0, [new TokenLogprob("b", -2)]), new TextDelta(0, "b")];
        string stream = Streams.Write(new ResponsesAnswerWriter(Head), events, null);
        var done = stream.Split("\n\n").Single(frame => frame.StartsWith("event: response.output_text.done", StringComparison.Ordinal));
        Assert.Contains("\"logprobs\":[{\"token\":\"a\",\"logprob\":-1,", done, StringComparison.Ordinal);
        Assert.Contains("{\"token\":\"b\",\"logprob\":-2,", done, StringComparison.Ordinal);
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
            if (expected.Usage is { } usage) // the API has one kind of cache write
                expected = expected with { Usage = usage with { CacheWriteTokens = usage.CacheWriteTokens + usage.LongCacheWriteTokens, LongCacheWriteTokens = null } };
            RandomAnswer.AssertSame(expected, Streams.Build(Streams.Read(new ResponsesAnswerReader(null), Streams.Write(new ResponsesAnswerWriter(Head), events, expected.Usage))));
            RandomAnswer.AssertSame(expected, Streams.Build(Streams.ReadWhole(new ResponsesAnswerReader(null), Streams.WriteWhole(new ResponsesAnswerWriter(Head), expected, expected.Usage))));
        }
    }

    private static string Frame(string data)
    {
        using var document = JsonDocument.Parse(data);
        return $"event: {document.RootElement.GetProperty("type").GetString()}\ndata: {data}\n\n";
    }
}
