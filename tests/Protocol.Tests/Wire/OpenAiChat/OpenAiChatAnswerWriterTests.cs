using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using static Countersign.Protocol.Tests.Wire.AnswerTesting;
using static Countersign.Protocol.Tests.Wire.WireTesting;

namespace Countersign.Protocol.Tests.Wire.OpenAiChat;

public sealed class OpenAiChatAnswerWriterTests
{
    private static readonly ChatEvent[] Answer =
    [
        new AnswerStarted("up", "upstream-model"),
        new ReasoningDelta(0, "hm", "sig", Maker: Makers.Anthropic),
        new TextDelta(0, "a\n\"é\U0001F600"),
        new LogprobsDelta(0, [new TokenLogprob("a", -0.5, [new TokenLogprob("b", -1)])]),
        new ToolCallDelta(0, 0, "1", "f", ""),
        new ToolCallDelta(0, 0, null, null, "{}"),
        new RefusalDelta(1, "no"),
        new ParserFinding(0, "never seen"),
        new ChoiceFinished(0, FinishReason.ToolCalls),
        new ChoiceFinished(1, FinishReason.Unknown),
        new UsageReported(new Usage { InputTokens = 1, OutputTokens = 1 }),
    ];

    [Fact]
    public void WriteFrame_Stream_HasOpenAisChunks()
    {
        string[] frames = Frames(Write(Answer, "", new Usage { InputTokens = 3, OutputTokens = 4 }));

        string[] expected =
        [
            """[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]""",
            """[{"index":0,"delta":{"reasoning_content":"hm","reasoning_details":[{"type":"reasoning.text","format":"anthropic-claude-v1","index":0,"text":"hm","signature":"sig"}]},"finish_reason":null}]""",
            """[{"index":0,"delta":{"content":"a\n\"é😀"},"finish_reason":null}]""",
            """[{"index":0,"delta":{},"logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":null,"top_logprobs":[{"token":"b","logprob":-1,"bytes":null}]}]},"finish_reason":null}]""",
            """[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"1","type":"function","function":{"name":"f","arguments":""}}]},"finish_reason":null}]""",
            """[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]},"finish_reason":null}]""",
            """[{"index":1,"delta":{"role":"assistant","content":""},"finish_reason":null}]""",
            """[{"index":1,"delta":{"refusal":"no"},"finish_reason":null}]""",
            """[{"index":0,"delta":{},"finish_reason":"tool_calls"}]""",
            """[{"index":1,"delta":{},"finish_reason":"stop"}]""",
        ];
        Assert.Equal("[DONE]", frames[^1]);
        Assert.Equal(expected.Length, frames.Length - 1);
        for (int at = 0; at < expected.Length; at++)
        {
            AssertSame($$"""{"id":"req-1","object":"chat.completion.chunk","created":1700000000,"model":"asked","choices":{{expected[at]}}}""", JsonNode.Parse(frames[at]));
        }
    }

    [Fact]
    public void WriteEnd_UsageAskedFor_IsTheLastChunk()
    {
        string[] frames = Frames(Write([new TextDelta(0, "a")], ""","stream":true,"stream_options":{"include_usage":true}""", new Usage { InputTokens = 3, OutputTokens = 4, CachedInputTokens = 2, ReasoningTokens = 1 }));

        AssertSame("null", JsonNode.Parse(frames[0])!["usage"]);
        AssertSame("[]", JsonNode.Parse(frames[^2])!["choices"]);
        AssertSame(
            """{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7,"prompt_tokens_details":{"cached_tokens":2},"completion_tokens_details":{"reasoning_tokens":1}}""",
            JsonNode.Parse(frames[^2])!["usage"]);
    }

    [Fact]
    public void WriteEnd_UsageUnknown_IsNotInvented() =>
        Assert.Equal(["[DONE]"], Frames(Write([], ""","stream":true,"stream_options":{"include_usage":true}""", null)));

    [Fact]
    public void WriteStreamProblem_Problem_IsAnErrorEvent() => Assert.Equal(
        "data: {\"error\":{\"message\":\"late\",\"type\":\"timeout_error\",\"param\":null,\"code\":\"timeout\"}}\n\n",
        Written(output => NewWriter("").WriteStreamProblem(new Problem(ProblemKind.Timeout, "late"), output)));

    [Fact]
    public void WriteFrame_FramesOfTheSameApi_AreWrittenAsTheyAre() =>
        Assert.Equal("data: x\n\n", Written(output => NewWriter("").WriteFrame(new WireFrames("data: x\n\n"u8.ToArray(), false), output)));

    [Fact]
    public void WriteWhole_Answer_HasOpenAisForm()
    {
        var builder = new AnswerBuilder();
        foreach (var chatEvent in Answer) builder.Add(chatEvent);

        string written = Written(output => NewWriter("").WriteWhole(builder.Build(), new Usage { InputTokens = 3, OutputTokens = 4 }, """{"cost":1}"""u8, output));

        AssertSame(
            """
            {"id":"req-1","object":"chat.completion","created":1700000000,"model":"asked","choices":[
              {"index":0,"message":{"role":"assistant","content":"a\n\"é😀","refusal":null,"reasoning_content":"hm","reasoning_details":[{"type":"reasoning.text","format":"anthropic-claude-v1","index":0,"text":"hm","signature":"sig"}],"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},
               "logprobs":{"content":[{"token":"a","logprob":-0.5,"bytes":null,"top_logprobs":[{"token":"b","logprob":-1,"bytes":null}]}]},"finish_reason":"tool_calls"},
              {"index":1,"message":{"role":"assistant","content":null,"refusal":"no"},"logprobs":null,"finish_reason":"stop"}],
             "usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7},"countersign":{"cost":1}}
            """,
            JsonNode.Parse(written));
    }

    [Fact]
    public void WriteWhole_UsageUnknown_IsNull()
    {
        var answer = new ChatAnswer { Choices = [new ChatChoice { Index = 0 }] };

        var written = JsonNode.Parse(Written(output => NewWriter("").WriteWhole(answer, new Usage { InputTokens = 3 }, default, output)))!;

        Assert.True(written.AsObject().ContainsKey("usage"));
        Assert.Null(written["usage"]);
        Assert.Null(written["countersign"]);
        Assert.Equal("", (string?)written["choices"]![0]!["message"]!["content"]);
    }

    [Fact]
    public void WriteFrame_ThenRead_GivesTheSameAnswer()
    {
        var reader = WireApi.For(WireApiKind.OpenAiChat).NewAnswerReader();

        var events = ReadStream(reader, Write(Answer, "", null));

        Assert.Equal(
            ["start req-1 asked", "0 think hm signature=sig", "0 text a\n\"é\U0001F600", "0 logprobs a=-0.5(b)", "0 call 0 id=1 name=f", "0 call 0 {}", "1 refusal no", "0 ToolCalls", "1 Stop"],
            Lines(events));
        Assert.True(reader.IsComplete);
    }

    private static string Write(ChatEvent[] events, string fields, Usage? usage) => Written(output =>
    {
        var writer = NewWriter(fields);
        foreach (var chatEvent in events) writer.WriteFrame(chatEvent, output);
        writer.WriteEnd(usage, output);
    });

    private static AnswerWriter NewWriter(string fields)
    {
        var request = ReadChat($$"""{"model":"asked","messages":[{"role":"user","content":"hi"}]{{fields}}}""");
        return WireApi.For(WireApiKind.OpenAiChat).NewAnswerWriter(new AnswerHead("req-1", "asked", DateTimeOffset.FromUnixTimeSeconds(1_700_000_000), request));
    }

    private static string[] Frames(string stream)
    {
        Assert.EndsWith("\n\n", stream, StringComparison.Ordinal);
        return [.. stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame["data: ".Length..])];
    }
}
