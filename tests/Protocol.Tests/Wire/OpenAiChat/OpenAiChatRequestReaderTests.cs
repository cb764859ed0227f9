using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using static Countersign.Protocol.Tests.Wire.WireTesting;

namespace Countersign.Protocol.Tests.Wire.OpenAiChat;

public sealed class OpenAiChatRequestReaderTests
{
    [Fact]
    public void Read_EveryField_ReachesItsMember()
    {
        var request = ReadChatWith("""
            "max_completion_tokens":10,"temperature":0.5,"top_p":0.9,"top_k":40,"frequency_penalty":-1,"presence_penalty":2,"stop":["a","b"],"seed":-7,"n":2,
            "logprobs":true,"top_logprobs":3,"user":"u","prompt_cache_key":"k","stream":true,"stream_options":{"include_usage":true},"parallel_tool_calls":false,
            "reasoning_effort":"low","tools":[{"type":"function","function":{"name":"f","description":"d","parameters":{"type":"object"},"strict":true}}],
            "tool_choice":{"type":"function","function":{"name":"f"}},"logit_bias":{"1":2},"metadata":{"a":"b"}
            """);

        Assert.Equal(10, request.MaxOutputTokens);
        Assert.Equal(0.5, request.Temperature);
        Assert.Equal(0.9, request.TopP);
        Assert.Equal(40, request.TopK);
        Assert.Equal(-1, request.FrequencyPenalty);
        Assert.Equal(2, request.PresencePenalty);
        Assert.Equal(["a", "b"], request.Stop);
        Assert.Equal(-7, request.Seed);
        Assert.Equal(2, request.ChoiceCount);
        Assert.True(request.Logprobs);
        Assert.Equal(3, request.TopLogprobs);
        Assert.Equal("u", request.User);
        Assert.Equal("k", request.PromptCacheKey);
        Assert.True(request.Stream);
        Assert.True(request.IncludeUsage);
        Assert.False(request.ParallelToolCalls);
        Assert.Equal(new Thinking(ThinkingLevel.Low), request.Thinking);
        var tool = Assert.Single(request.Tools);
        Assert.Equal(("f", "d", true, true), (tool.Name, tool.Description, tool.Strict, tool.IsFunction));
        Assert.Equal("""{"type":"object"}""", tool.Parameters?.GetRawText());
        Assert.Equal(new ToolChoice(ToolChoiceMode.Named, "f"), request.ToolChoice);
        Assert.Equal(["logit_bias", "metadata"], request.Extra.Keys.Order());
    }

    [Fact]
    public void Read_Conversation_KeepsOrderAndParts()
    {
        var request = ReadChat("""
            {"model":"m","messages":[
              {"role":"system","content":"be brief"},
              {"role":"developer","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
              {"role":"user","name":"eve","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"https://x/y.png","detail":"low"}},
                {"type":"image_url","image_url":{"url":"data:image/png;base64,QUJD"}},{"type":"input_audio","input_audio":{"data":"x","format":"wav"}}]},
              {"role":"assistant","content":null,"reasoning_content":"hm","reasoning":"hm","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},
              {"role":"tool","tool_call_id":"1","content":"42"},
              {"role":"assistant","content":"done","refusal":"no"}]}
            """);

        Assert.Equal([ChatRole.System, ChatRole.Developer, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant], request.Messages.Select(m => m.Role));
        Assert.Equal("ab", request.Messages[1].Text);
        var user = request.Messages[2];
        Assert.Equal("eve", user.Name);
        Assert.Equal([new TextPart("see"), new ImagePart("https://x/y.png", null, null, "low"), new ImagePart(null, "image/png", "QUJD", null)], user.Parts.Take(3));
        Assert.Equal("input_audio", Assert.IsType<OpaquePart>(user.Parts[3]).Type);
        Assert.Equal<ContentPart>([new ReasoningPart("hm"), new ToolCallPart(new ToolCall("1", "f", """{"x":1}"""))], request.Messages[3].Parts);
        var result = Assert.IsType<ToolResultPart>(Assert.Single(request.Messages[4].Parts));
        Assert.Equal(("1", new TextPart("42")), (result.CallId, result.Parts[0]));
        Assert.Equal<ContentPart>([new TextPart("done"), new RefusalPart("no")], request.Messages[5].Parts);
        Assert.All(request.Messages, message => Assert.NotNull(message.Wire));
    }

    [Fact]
    public void Read_ReasoningDetails_KeepSignatures()
    {
        var request = ReadChat("""
            {"model":"m","messages":[{"role":"user","content":"x"},{"role":"assistant","content":"y","reasoning":"t","reasoning_details":[
              {"type":"reasoning.text","text":"t","signature":"s"},{"type":"reasoning.encrypted","data":"e"},{"type":"reasoning.summary","summary":"u"}]}]}
            """);

        Assert.Equal<ContentPart>([new ReasoningPart("t", "s"), new ReasoningPart("", null, "e"), new ReasoningPart("u"), new TextPart("y")], request.Messages[1].Parts);
    }

    [Theory]
    [InlineData(""" "stop":"x" """, ResponseFormatKind.Text, null)]
    [InlineData(""" "response_format":{"type":"json_object"} """, ResponseFormatKind.JsonObject, null)]
    [InlineData(""" "response_format":{"type":"json_object","schema":{"a":1}} """, ResponseFormatKind.JsonSchema, """{"a":1}""")]
    [InlineData(""" "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"a":1},"strict":true}} """, ResponseFormatKind.JsonSchema, """{"a":1}""")]
    public void Read_ResponseFormat_IsUnderstood(string field, ResponseFormatKind kind, string? schema)
    {
        var format = ReadChatWith(field).ResponseFormat;

        Assert.Equal(kind, format?.Kind ?? ResponseFormatKind.Text);
        Assert.Equal(schema, format?.Schema?.GetRawText());
    }

    [Theory]
    [InlineData(""" "response_format":{"type":"grammar","grammar":"x"} """, "response_format")]
    [InlineData(""" "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}} """, "tool_choice")]
    [InlineData(""" "reasoning_effort":"default" """, "reasoning_effort")]
    [InlineData(""" "reasoning":{"exclude":true} """, "reasoning")]
    [InlineData(""" "thinking":{"type":"adaptive"} """, "thinking")]
    [InlineData(""" "chat_template_kwargs":{"enable_thinking":false} """, "chat_template_kwargs")]
    public void Read_FormOfAServersOwn_StaysAmongTheExtraFields(string field, string name) =>
        Assert.Contains(name, ReadChatWith(field).Extra.Keys);

    [Theory]
    [InlineData(""" "reasoning_effort":"none" """, ThinkingLevel.Off, null)]
    [InlineData(""" "reasoning_effort":"minimal" """, ThinkingLevel.Minimal, null)]
    [InlineData(""" "reasoning_effort":"xhigh" """, ThinkingLevel.Max, null)]
    [InlineData(""" "reasoning":{"effort":"high"} """, ThinkingLevel.High, null)]
    [InlineData(""" "reasoning":{"max_tokens":2000} """, null, 2000)]
    [InlineData(""" "reasoning":{"enabled":false} """, ThinkingLevel.Off, null)]
    [InlineData(""" "reasoning":{"enabled":true} """, ThinkingLevel.Medium, null)]
    [InlineData(""" "thinking":{"type":"disabled"} """, ThinkingLevel.Off, null)]
    [InlineData(""" "thinking":{"type":"enabled","budget_tokens":1024} """, null, 1024)]
    [InlineData(""" "thinking":{"type":"enabled"},"reasoning_effort":"max" """, ThinkingLevel.Max, null)]
    [InlineData(""" "enable_thinking":true,"thinking_budget":99 """, null, 99)]
    [InlineData(""" "thinking_budget":0 """, ThinkingLevel.Off, null)]
    [InlineData(""" "think":"low" """, ThinkingLevel.Low, null)]
    [InlineData(""" "think":false """, ThinkingLevel.Off, null)]
    [InlineData(""" "chat_template_kwargs":{"enable_thinking":false,"other":1} """, ThinkingLevel.Off, null)]
    [InlineData(""" "chat_template_kwargs":{"thinking":true} """, ThinkingLevel.Medium, null)]
    public void Read_ThinkingKnob_BecomesTheOneKnob(string field, ThinkingLevel? level, int? budget) =>
        Assert.Equal((level, budget), (ReadChatWith(field).Thinking!.Level, ReadChatWith(field).Thinking!.BudgetTokens));

    [Theory]
    [InlineData(""" "temperature":2.1 """, "temperature")]
    [InlineData(""" "temperature":"hot" """, "temperature")]
    [InlineData(""" "top_p":-0.1 """, "top_p")]
    [InlineData(""" "top_k":1.5 """, "top_k")]
    [InlineData(""" "seed":1e99 """, "seed")]
    [InlineData(""" "stop":7 """, "stop")]
    [InlineData(""" "stop":[""] """, "stop")]
    [InlineData(""" "stop":["a",7] """, "stop[1]")]
    [InlineData(""" "logprobs":1 """, "logprobs")]
    [InlineData(""" "top_logprobs":3 """, "top_logprobs")]
    [InlineData(""" "user":{} """, "user")]
    [InlineData(""" "functions":[] """, "functions")]
    [InlineData(""" "function_call":"auto" """, "function_call")]
    [InlineData(""" "tools":{} """, "tools")]
    [InlineData(""" "tools":[1] """, "tools[0]")]
    [InlineData(""" "tools":[{"type":"function"}] """, "tools[0].function")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":""}}] """, "tools[0].function.name")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f","parameters":[]}}] """, "tools[0].function.parameters")]
    [InlineData(""" "tools":[{"type":"function","function":{"name":"f"}},{"type":"function","function":{"name":"f"}}] """, "tools[1]")]
    [InlineData(""" "tool_choice":"sometimes" """, "tool_choice")]
    [InlineData(""" "tool_choice":"required" """, "tool_choice")]
    [InlineData(""" "tool_choice":{"type":"function","function":{"name":"g"}} """, "tool_choice")]
    [InlineData(""" "response_format":"json" """, "response_format")]
    [InlineData(""" "response_format":{} """, "response_format.type")]
    [InlineData(""" "response_format":{"type":"json_schema"} """, "response_format.json_schema")]
    [InlineData(""" "response_format":{"type":"json_schema","json_schema":{"schema":[]}} """, "response_format.json_schema.schema")]
    [InlineData(""" "reasoning_effort":3 """, "reasoning_effort")]
    [InlineData(""" "reasoning":{"max_tokens":-1} """, "reasoning.max_tokens")]
    [InlineData(""" "reasoning_effort":"low","reasoning":{"effort":"high"} """, "reasoning.effort")]
    [InlineData(""" "reasoning_effort":"none","enable_thinking":true """, "enable_thinking")]
    [InlineData(""" "reasoning_effort":"high","chat_template_kwargs":{"enable_thinking":false} """, "chat_template_kwargs.enable_thinking")]
    public void Read_WrongField_NamesTheParameter(string fields, string param) => AssertInvalid(() => ReadChatWith(fields), param);

    [Theory]
    [InlineData("""1""", "messages[0]")]
    [InlineData("""{"content":"x"}""", "messages[0].role")]
    [InlineData("""{"role":"king","content":"x"}""", "messages[0].role")]
    [InlineData("""{"role":"function","name":"f","content":"x"}""", "messages[0].role")]
    [InlineData("""{"role":"user"}""", "messages[0].content")]
    [InlineData("""{"role":"user","content":null}""", "messages[0].content")]
    [InlineData("""{"role":"user","content":[]}""", "messages[0].content")]
    [InlineData("""{"role":"user","content":7}""", "messages[0].content")]
    [InlineData("""{"role":"user","content":[{"text":"x"}]}""", "messages[0].content[0].type")]
    [InlineData("""{"role":"user","content":[{"type":"text"}]}""", "messages[0].content[0].text")]
    [InlineData("""{"role":"user","content":[{"type":"image_url","image_url":{"url":5}}]}""", "messages[0].content[0].image_url.url")]
    [InlineData("""{"role":"assistant"}""", "messages[0].content")]
    [InlineData("""{"role":"assistant","content":null,"tool_calls":[]}""", "messages[0].content")]
    [InlineData("""{"role":"assistant","function_call":{"name":"f"}}""", "messages[0].function_call")]
    [InlineData("""{"role":"assistant","tool_calls":[{"function":{"name":"f"}}]}""", "messages[0].tool_calls[0].id")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1","function":{}}]}""", "messages[0].tool_calls[0].function.name")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f"}},{"id":"1","function":{"name":"f"}}]}""", "messages[0].tool_calls[1].id")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f"}}]}""", "messages[0]")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f"}}]},{"role":"user","content":"x"}""", "messages[0]")]
    [InlineData("""{"role":"tool","tool_call_id":"1","content":"x"}""", "messages[0].tool_call_id")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f"}}]},{"role":"tool","content":"x"}""", "messages[1].tool_call_id")]
    [InlineData("""{"role":"assistant","tool_calls":[{"id":"1","function":{"name":"f"}}]},{"role":"tool","tool_call_id":"1","content":"x"},{"role":"tool","tool_call_id":"1","content":"x"}""", "messages[2].tool_call_id")]
    [InlineData("""{"role":"user","content":"x","role":"system"}""", null)]
    public void Read_WrongMessage_NamesTheParameter(string messages, string? param) =>
        AssertInvalid(() => ReadChat($$"""{"model":"m","messages":[{{messages}}]}"""), param);

    private static void AssertInvalid(Action read, string? param)
    {
        var problem = Assert.Throws<ProblemException>(read).Problem;

        Assert.Equal(ProblemKind.InvalidRequest, problem.Kind);
        Assert.Equal(param, problem.Param);
    }
}
