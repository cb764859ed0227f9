using System.Text;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using static Countersign.Protocol.Tests.Wire.AnswerTesting;

namespace Countersign.Protocol.Tests.Wire.OpenAiChat;

public sealed class OpenAiChatAnswerReaderTests
{
    /// <summary>What servers send, by server, and what it means.</summary>
    public static TheoryData<string, string, string[]> Recorded => new()
    {
        {
            "OpenAI: text, usage at the end", StreamOf(
                """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"gpt","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null}""",
                """{"id":"c1","model":"gpt","choices":[{"index":0,"delta":{"content":"Héllo"},"finish_reason":null}],"usage":null}""",
                """{"id":"c1","model":"gpt","choices":[{"index":0,"delta":{"content":" \ud83d\ude00"},"finish_reason":null}]}""",
                """{"id":"c1","model":"gpt","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""",
                """{"id":"c1","model":"gpt","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":7,"total_tokens":16,"prompt_tokens_details":{"cached_tokens":4,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":3}}}""",
                "[DONE]"),
            ["start c1 gpt", "0 text Héllo", "0 text  \U0001F600", "0 Stop", "usage in=9 cached=4 written= out=7 reasoning=3"]
        },
        {
            "OpenAI: two parallel calls", StreamOf(
                """{"id":"c","model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}}]}""",
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{\"x\""}}]}}]}""",
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]}}]}""",
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}}]}}]}""",
                """{"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
                "[DONE]"),
            ["start c m", "0 call 0 id=a name=f", "0 call 0 {\"x\"", "0 call 0 :1}", "0 call 1 id=b name=g {}", "0 ToolCalls"]
        },
        {
            "OpenAI: refusal", StreamOf("""{"choices":[{"index":0,"delta":{"refusal":"I can't"}}]}""", """{"choices":[{"index":0,"delta":{},"finish_reason":"content_filter"}]}"""),
            ["0 refusal I can't", "0 ContentFilter"]
        },
        {
            "OpenAI: two choices, log-probabilities", StreamOf(
                """{"choices":[{"index":1,"delta":{"content":"b"},"logprobs":{"content":[{"token":"b","logprob":-0.5,"bytes":[98],"top_logprobs":[{"token":"b","logprob":-0.5},{"token":"c","logprob":-1}]}]}}]}""",
                """{"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{},"finish_reason":"length"}]}""",
                """{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"""),
            ["1 text b", "1 logprobs b=-0.5(b c)", "0 text a", "1 Length", "0 Stop"]
        },
        {
            "DeepSeek: reasoning_content, cache hits", StreamOf(
                """{"choices":[{"index":0,"delta":{"content":null,"reasoning_content":"hm"}}]}""",
                """{"choices":[{"index":0,"delta":{"content":"a","reasoning_content":null}}]}""",
                """{"choices":[{"index":0,"delta":{"content":""},"finish_reason":"stop"}],"usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_cache_hit_tokens":8,"prompt_cache_miss_tokens":2}}"""),
            ["0 think hm", "0 text a", "0 Stop", "usage in=10 cached=8 written= out=5 reasoning="]
        },
        {
            "vLLM: reasoning, stop reason, another id in each piece of a call", StreamOf(
                """{"choices":[{"index":0,"delta":{"reasoning":"hm"}}]}""",
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"x1","function":{"name":"f"}}]}}]}""",
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"x2","function":{"arguments":"{}"}}]}}]}""",
                """{"choices":[{"index":0,"delta":{},"finish_reason":"stop","stop_reason":"END"}]}"""),
            ["0 think hm", "0 call 0 id=x1 name=f", "0 call 0 {}", "0 ToolCalls at=END"]
        },
        {
            "OpenRouter: comments, reasoning_details beside reasoning, cost", ": OPENROUTER PROCESSING\n\n" + StreamOf(
                """{"choices":[{"index":0,"delta":{"content":"","reasoning":"hm","reasoning_details":[{"type":"reasoning.text","text":"hm"}]}}]}""",
                """{"choices":[{"index":0,"delta":{"reasoning_details":[{"type":"reasoning.text","signature":"sig"},{"type":"reasoning.encrypted","data":"enc"}]}}]}""",
                """{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2,"cost":0.1,"prompt_tokens_details":{"cache_write_tokens":1}}}"""),
            ["0 think hm", "0 think  signature=sig", "0 think  redacted=enc", "0 text a", "0 Stop", "usage in=1 cached= written=1 out=2 reasoning="]
        },
        {
            "calls without index or id, one whole after the other", StreamOf(
                """{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"{}"}}]}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"function":{"name":"f","arguments":"{\"y\":2}"}}]},"finish_reason":"stop"}]}"""),
            ["0 call 0 id=call_* name=f {}", "0 call 1 id=call_* name=f {\"y\":2}", "0 ToolCalls"]
        },
        {
            "Gemini: whole calls, all with index 0", StreamOf(
                """{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"1","function":{"name":"f","arguments":"{}"}},{"index":0,"id":"2","function":{"name":"f","arguments":"{}"}}]}}]}"""),
            ["0 call 0 id=1 name=f {}", "0 call 1 id=2 name=f {}"]
        },
        {
            "id and name in every piece, no index", StreamOf(
                """{"choices":[{"delta":{"tool_calls":[{"id":"1","function":{"name":"f","arguments":"{"}}]}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"id":"1","function":{"name":"f","arguments":"}"}}]}}]}"""),
            ["0 call 0 id=1 name=f {", "0 call 0 }"]
        },
        {
            "Ollama: arguments as an object; a name that comes late, and one that never does", StreamOf(
                """{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"1","function":{"name":"f","arguments":{"x":1}}},{"index":1,"id":"2","function":{"arguments":"{"}}]}}]}""",
                """{"choices":[{"delta":{"tool_calls":[{"index":1,"function":{"name":"g","arguments":"}"}},{"index":2,"function":{"arguments":"x"}}]},"finish_reason":"tool_calls"}]}"""),
            ["0 call 0 id=1 name=f {\"x\":1}", "0 call 1 id=2 name=g {}", "0 call 2 id=call_* x", "0 ToolCalls"]
        },
        {
            "the form before tool calls", StreamOf(
                """{"choices":[{"delta":{"function_call":{"name":"f","arguments":"{"}}}]}""",
                """{"choices":[{"delta":{"function_call":{"arguments":"}"}},"finish_reason":"function_call"}]}"""),
            ["0 call 0 id=call_* name=f {", "0 call 0 }", "0 ToolCalls"]
        },
        {
            "Mistral: content in parts", StreamOf(
                """{"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"a"}]}}]}"""),
            ["0 think hm", "0 text a"]
        },
        {
            "Moonshot: usage in the choice", StreamOf("""{"choices":[{"delta":{},"finish_reason":"stop","usage":{"prompt_tokens":3,"completion_tokens":1,"cached_tokens":2}}]}"""),
            ["0 Stop", "usage in=3 cached=2 written= out=1 reasoning="]
        },
        {
            "xAI: reasoning outside of the output; cached outside of the input", StreamOf(
                """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":25,"completion_tokens_details":{"reasoning_tokens":10},"prompt_tokens_details":{"cached_tokens":30}}}"""),
            ["usage in=40 cached=30 written= out=15 reasoning=10"]
        },
        {
            "Groq; llama.cpp", StreamOf(
                """{"choices":[],"x_groq":{"usage":{"prompt_tokens":1,"completion_tokens":2}}}""",
                """{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2},"timings":{"cache_n":4,"prompt_n":1}}"""),
            ["usage in=1 cached= written= out=2 reasoning=", "usage in=5 cached=4 written= out=2 reasoning="]
        },
        {
            "fields of unexpected types", StreamOf(
                """{"id":7,"model":null,"choices":[{"index":"0","delta":{"content":5,"tool_calls":"x","reasoning_details":{}},"logprobs":[],"finish_reason":1},7,null],"usage":[]}""",
                """{"choices":{}}""", """{"x":1}""", "", """{"choices":[{"delta":{"content":"\ud800!"}}]}"""),
            ["0 text �!"]
        },
    };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void ReadFrame_StreamAtEverySplit_GivesTheSameEvents(string server, string stream, string[] expected)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(stream);
        for (int split = 0; split <= bytes.Length; split++)
        {
            Assert.Equal(expected, Lines(ReadStream(NewReader(), [bytes[..split], bytes[split..]])));
        }

        Assert.NotEmpty(server);
    }

    [Fact]
    public void ReadWhole_EveryField_IsRead() => Assert.Equal(
        ["start c m", "0 think hm", "0 text a", "0 call 0 id=1 name=f {}", "0 call 1 id=1 name=f {}", "0 logprobs a=-1()", "0 ToolCalls", "1 refusal no", "1 Unknown", "usage in=1 cached= written= out=2 reasoning="],
        Lines(Streams.ReadWhole(NewReader(), """
            {"id":"c","object":"chat.completion","model":"m","choices":[
              {"index":0,"message":{"role":"assistant","content":"a","reasoning_content":"hm","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}},{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},
               "logprobs":{"content":[{"token":"a","logprob":-1,"top_logprobs":[]},{"token":"b","logprob":null}]},"finish_reason":"stop"},
              {"index":1,"message":{"content":null,"refusal":"no"}}],
             "usage":{"prompt_tokens":1,"completion_tokens":2}}
            """)));

    /// <summary>As a whole answer that leaves its reason out: who builds an answer of it has a choice, and a call whose name never came is not lost.</summary>
    [Theory]
    [InlineData("""{"choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""", "0 Unknown")]
    [InlineData("""{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"1","function":{"arguments":"{}"}}]}}]}""", "0 call 0 id=1 {}", "0 Unknown")]
    [InlineData("""{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":"stop"}]}""", "0 text a", "0 Stop")]
    public void ReadFrame_DoneWithoutReason_EndsEachChoice(string chunk, params string[] lines) =>
        Assert.Equal(lines, Lines(ReadStream(NewReader(), StreamOf(chunk, "[DONE]"))));

    [Theory]
    [InlineData("data: [DONE]", true)]
    [InlineData("""data: {"choices":[{"delta":{},"finish_reason":"stop"}]}""", true)]
    [InlineData("""data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"},{"index":1,"delta":{"content":"x"}}]}""", false)]
    [InlineData("""data: {"choices":[{"delta":{"content":"x"}}]}""", false)]
    [InlineData("", false)]
    public void IsComplete_Stream_SaysWhetherItWasCut(string stream, bool isComplete)
    {
        var reader = NewReader();
        ReadStream(reader, stream);

        Assert.Equal(isComplete, reader.IsComplete);
    }

    [Theory]
    [InlineData("""data: {"error":{"message":"overloaded","type":"x","param":null,"code":"c"}}""", ProblemKind.UpstreamFailed, "overloaded")]
    [InlineData("""data: {"error":{"message":"slow down","code":429}}""", ProblemKind.RateLimited, "slow down")]
    [InlineData("""data: {"error":"broken"}""", ProblemKind.UpstreamFailed, "broken")]
    [InlineData("""data: {"object":"error","message":"too long","code":400}""", ProblemKind.InvalidRequest, "too long")]
    [InlineData("""data: {"choices":[{"index":0,"delta":{},"finish_reason":"error","error":{"code":502,"message":"bad gateway"}}]}""", ProblemKind.UpstreamFailed, "bad gateway")]
    [InlineData("event: error\ndata: {\"message\":\"gone\"}", ProblemKind.UpstreamFailed, "gone")]
    [InlineData("data: {\"choices\":", ProblemKind.UpstreamFailed, "The upstream answered with something that is not a JSON object.")]
    [InlineData("data: <html>", ProblemKind.UpstreamFailed, "The upstream answered with something that is not a JSON object.")]
    [InlineData("data: {} {}", ProblemKind.UpstreamFailed, "The upstream answered with something that is not a JSON object.")]
    public void ReadFrame_Error_IsAProblem(string stream, ProblemKind kind, string message)
    {
        var problem = Assert.Throws<ProblemException>(() => ReadStream(NewReader(), stream)).Problem;

        Assert.Equal((kind, message), (problem.Kind, problem.Message));
    }

    [Theory]
    [InlineData("""{"choices":[]}""")]
    [InlineData("""{}""")]
    [InlineData("""[]""")]
    [InlineData("")]
    public void ReadWhole_NoAnswer_IsAnUpstreamFailure(string body) =>
        Assert.Equal(ProblemKind.UpstreamFailed, Assert.Throws<ProblemException>(() => Streams.ReadWhole(NewReader(), body)).Problem.Kind);

    private static AnswerReader NewReader() => WireApi.For(WireApiKind.OpenAiChat).NewAnswerReader();
}
