using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using static Countersign.Protocol.Tests.Wire.WireTesting;

namespace Countersign.Protocol.Tests.Wire.OpenAiChat;

public sealed class OpenAiChatRequestWriterTests
{
    private const string Rich = """
        {"model":"m","unknown":{"deep":[1,2.50,"\u00e9"]},"messages":[
          {"role":"system","content":"s","cache_control":{"type":"ephemeral"}},
          {"role":"user","content":[{"type":"text","text":"a","x":1},{"type":"video_url","video_url":{"url":"v"}}],"name":"n"},
          {"role":"assistant","content":null,"reasoning":"r","audio":{"id":"a1"},"tool_calls":[
             {"id":"1","type":"function","function":{"name":"f","arguments":"{ }"}},{"id":"2","type":"custom","custom":{"name":"c","input":"i"}}]},
          {"role":"tool","tool_call_id":"1","content":"x"},{"role":"tool","tool_call_id":"2","content":[{"type":"text","text":"y"}]}],
         "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}},"x":1},{"type":"custom","custom":{"name":"c"}},{"type":"web_search"}],
         "tool_choice":"auto","parallel_tool_calls":true,"response_format":{"type":"json_schema","json_schema":{"name":"n","description":"d","schema":{}}},
         "max_tokens":9,"temperature":1.0,"top_p":null,"top_k":-1,"frequency_penalty":0,"presence_penalty":0.5,"stop":"x","seed":1,"n":1,"logprobs":true,"top_logprobs":2,
         "user":"u","prompt_cache_key":"k","reasoning":{"effort":"high","exclude":true},"chat_template_kwargs":{"enable_thinking":true},"stream":false}
        """;

    [Theory]
    [InlineData(Rich)]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}],"max_completion_tokens":7,"stop":[],"tools":[],"thinking":{"type":"auto"},"n":null}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true,"x":1}}""")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"hi"}],"tool_choice":{"type":"allowed_tools","allowed_tools":{}},"response_format":{"type":"grammar"}}""")]
    public void Write_SameApiUnchanged_IsTheSameJson(string body) => AssertSame(body, WriteChat(ReadChat(body)));

    [Fact]
    public void Write_SameApi_KeepsTheCallersBytes() => Assert.Contains(
        """{"deep":[1,2.50,"\u00e9"]}""",
        Written(output => WireApi.For(WireApiKind.OpenAiChat).WriteRequest(ReadChat(Rich), new WireTarget("m", false), output, [])),
        StringComparison.Ordinal);

    [Fact]
    public void Write_ChangedMembers_ReplaceTheirFieldsOnly()
    {
        var request = ReadChat("""{"model":"m","messages":[{"role":"user","content":"hi","x":1}],"max_completion_tokens":100,"reasoning_effort":"high","stop":"a","temperature":1,"seed":3,"y":2}""");

        var written = WriteChat(request with
        {
            MaxOutputTokens = 50,
            Thinking = new Thinking(ThinkingLevel.Low),
            Stop = ["b"],
            Temperature = null,
            Messages = [.. request.Messages, ChatMessage.Of(ChatRole.User, "again")],
        });

        AssertSame(
            """
            {"model":"m","messages":[{"role":"user","content":"hi","x":1},{"role":"user","content":"again"}],
             "max_completion_tokens":50,"reasoning_effort":"low","stop":["b"],"seed":3,"y":2}
            """,
            written);
    }

    [Theory]
    [InlineData(""" "reasoning":{"effort":"high"} """)]
    [InlineData(""" "enable_thinking":true,"thinking_budget":3 """)]
    [InlineData(""" "thinking":{"type":"enabled"} """)]
    public void Write_ThinkingChanged_LeavesNoOldKnob(string knobs)
    {
        var written = WriteChat(ReadChatWith(knobs) with { Thinking = new Thinking(ThinkingLevel.Off) });

        AssertSame("""{"model":"m","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"none"}""", written);
    }

    [Fact]
    public void Write_ExtraFieldsChanged_AreWrittenAsTheyAreNow()
    {
        var request = ReadChatWith(""" "a":1,"b":2 """);
        var extra = new Dictionary<string, System.Text.Json.JsonElement>(request.Extra) { ["a"] = request.Extra["b"], ["c"] = request.Extra["a"] };
        extra.Remove("b");

        AssertSame("""{"model":"m","messages":[{"role":"user","content":"hi"}],"a":2,"c":1}""", WriteChat(request with { Extra = extra }));
    }

    [Theory]
    [InlineData("")]
    [InlineData(""","stream":true""")]
    [InlineData(""","stream":false,"stream_options":{"include_usage":false}""")]
    [InlineData(""","stream":true,"stream_options":{"include_usage":true}""")]
    public void Write_StreamingTarget_AlwaysAsksForUsage(string fields)
    {
        var request = ReadChat($$"""{"model":"m","messages":[{"role":"user","content":"hi"}]{{fields}}}""");

        AssertSame(
            """{"model":"up","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}""",
            WriteChat(request, new WireTarget("up", true)));
        Assert.Null(WriteChat(request, new WireTarget("up", false))["stream_options"]);
    }

    [Theory]
    [InlineData("openai", "max_completion_tokens")]
    [InlineData("vllm", "max_tokens")]
    public void Write_LimitOfOurs_HasTheNameThatTheServerKnows(string server, string field)
    {
        var request = ReadChatWith(""" "x":1 """) with { MaxOutputTokens = 5 };

        Assert.Equal(5, (int?)WriteChat(request, new WireTarget("m", false, server))[field]);
    }

    [Fact]
    public void Write_RequestOfAnotherApi_IsWrittenFromItsMembers()
    {
        var request = new ChatRequest
        {
            Api = WireApiKind.AnthropicMessages,
            Model = "x",
            Messages =
            [
                ChatMessage.Of(ChatRole.System, "s"),
                new ChatMessage { Role = ChatRole.User, Parts = [new TextPart("see"), new ImagePart(null, "image/png", "QQ==", null)] },
                new ChatMessage { Role = ChatRole.Assistant, Parts = [new ReasoningPart("hm", "sig"), new TextPart("t"), new ToolCallPart(new ToolCall("1", "f", ""))] },
                new ChatMessage { Role = ChatRole.User, Parts = [new ToolResultPart("1", [new TextPart("bad")], IsError: true), new TextPart("go on")] },
            ],
            Tools = [new ToolDefinition { Name = "f", Description = "d", Parameters = Json("""{"type":"object"}""") }],
            ToolChoice = new ToolChoice(ToolChoiceMode.Named, "f"),
            ParallelToolCalls = false,
            MaxOutputTokens = 5,
            Temperature = 0.5,
            TopK = 3,
            Stop = ["e"],
            Thinking = new Thinking(null, 4000),
            ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonSchema, null, Json("{}"), true),
            Extra = new Dictionary<string, System.Text.Json.JsonElement> { ["metadata"] = Json("{}") },
        };
        var warnings = new List<string>();

        var written = WriteChat(request, new WireTarget("up", false), warnings);

        AssertSame(
            """
            {"model":"up","messages":[{"role":"system","content":"s"},
               {"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:image/png;base64,QQ=="}}]},
               {"role":"assistant","content":"t","reasoning_content":"hm","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]},
               {"role":"tool","tool_call_id":"1","content":"bad"},{"role":"user","content":"go on"}],
             "tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"}}}],
             "tool_choice":{"type":"function","function":{"name":"f"}},"parallel_tool_calls":false,
             "response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{},"strict":true}},
             "max_tokens":5,"temperature":0.5,"top_k":3,"stop":["e"],"reasoning_effort":"low"}
            """,
            written);
        Assert.Equal(["messages", "messages", "metadata", "thinking"], warnings.Select(warning => warning.Split(':')[0]).Order());
    }

    [Fact]
    public void Write_ToOpenAiItself_LeavesOutWhatItRefuses()
    {
        var request = ReadChatWith(""" "x":1 """) with { TopK = 5, Messages = [new ChatMessage { Role = ChatRole.Assistant, Parts = [new ReasoningPart("hm"), new TextPart("t")] }] };
        var warnings = new List<string>();

        AssertSame("""{"model":"m","messages":[{"role":"assistant","content":"t"}],"x":1}""", WriteChat(request, new WireTarget("m", false, "openai"), warnings));
        Assert.Equal(2, warnings.Count);
    }

    [Fact]
    public void Write_ResultsOfToolsInAnotherApi_HoldTextOnlyAndTheirImagesFollow()
    {
        var request = Requests.Read(WireApiKind.AnthropicMessages, """
            {"model":"m","max_tokens":9,"messages":[{"role":"user","content":"go"},
              {"role":"assistant","content":[{"type":"tool_use","id":"1","name":"f","input":{}},{"type":"tool_use","id":"2","name":"f","input":{}}]},
              {"role":"user","content":[
                {"type":"tool_result","tool_use_id":"1","content":[{"type":"text","text":"seen"},{"type":"image","source":{"type":"url","url":"https://x/1.png"}}]},
                {"type":"tool_result","tool_use_id":"2"},
                {"type":"text","text":"and?"}]}]}
            """);
        var warnings = new List<string>();

        AssertSame(
            """
            [{"role":"tool","tool_call_id":"1","content":"seen"},{"role":"tool","tool_call_id":"2","content":""},
             {"role":"user","content":[{"type":"image_url","image_url":{"url":"https://x/1.png"}},{"type":"text","text":"and?"}]}]
            """,
            new System.Text.Json.Nodes.JsonArray([.. WriteChat(request, new WireTarget("m", false), warnings)["messages"]!.AsArray().Skip(2).Select(message => message!.DeepClone())]));
        Assert.Contains("image", Assert.Single(warnings));
    }

    [Fact]
    public void Write_WhatCannotBeCarried_IsRefused()
    {
        var request = new ChatRequest { Api = WireApiKind.AnthropicMessages, Model = "x", Messages = [ChatMessage.Of(ChatRole.User, "hi")] };

        AssertRefused("tools", request with { Tools = [new ToolDefinition { Name = "web_search", IsFunction = false, Wire = Json("{}") }] });
        AssertRefused("messages", request with { Messages = [new ChatMessage { Role = ChatRole.User, Parts = [new OpaquePart("document", Json("{}"))] }] });
        AssertRefused("mcp_servers", request with { Extra = new Dictionary<string, System.Text.Json.JsonElement> { ["mcp_servers"] = Json("""[{"type":"url"}]""") } });
    }

    [Fact]
    public void Write_FieldsThatResponsesShare_AreCarried()
    {
        var request = new ChatRequest
        {
            Api = WireApiKind.OpenAiResponses,
            Model = "x",
            Messages = [ChatMessage.Of(ChatRole.User, "hi")],
            Extra = new Dictionary<string, System.Text.Json.JsonElement> { ["metadata"] = Json("""{"a":"b"}"""), ["truncation"] = Json("\"auto\"") },
        };
        var warnings = new List<string>();

        AssertSame("""{"model":"x","messages":[{"role":"user","content":"hi"}],"metadata":{"a":"b"}}""", WriteChat(request, null, warnings));
        Assert.StartsWith("truncation:", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static void AssertRefused(string param, ChatRequest request)
    {
        var problem = Assert.Throws<ProblemException>(() => WriteChat(request)).Problem;
        Assert.Equal((ProblemKind.InvalidRequest, param), (problem.Kind, problem.Param));
    }

    private static System.Text.Json.JsonElement Json(string json) => System.Text.Json.JsonElement.Parse(json);
}
