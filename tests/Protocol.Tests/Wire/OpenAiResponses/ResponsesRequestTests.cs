using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire.OpenAiResponses;

public class ResponsesRequestTests
{
    private const string Full = """
        {"model":"r","instructions":"Be brief.","input":[
           {"role":"developer","content":"Be kind."},
           {"type":"message","role":"user","content":[{"type":"input_text","text":"Weather?"},{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"low"},{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}]},
           {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gAAA"},
           {"type":"message","id":"msg_1","role":"assistant","status":"completed","content":[{"type":"output_text","text":"Let me look.","annotations":[]}]},
           {"type":"function_call","id":"fc_1","call_id":"call_1","name":"weather","arguments":"{\"city\":\"Rome\"}","status":"completed"},
           {"type":"function_call","call_id":"call_2","name":"now","arguments":"{}"},
           {"type":"function_call_output","call_id":"call_2","output":"noon"},
           {"type":"function_call_output","call_id":"call_1","output":[{"type":"input_text","text":"hot"}]},
           {"role":"user","content":"Thanks"}],
         "tools":[{"type":"function","name":"weather","description":"d","parameters":{"type":"object"},"strict":true},{"type":"function","name":"now","parameters":{"type":"object"},"strict":false},{"type":"web_search","search_context_size":"low"}],
         "tool_choice":"auto","parallel_tool_calls":false,"text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true},"verbosity":"low"},
         "reasoning":{"effort":"low","summary":"auto"},"include":["reasoning.encrypted_content"],"max_output_tokens":500,"temperature":0.5,"top_p":0.9,"user":"u","prompt_cache_key":"k","store":false,"truncation":"auto","metadata":{"a":"b"},"stream":false}
        """;

    private static ChatRequest Read(string body) => Requests.Read(WireApiKind.OpenAiResponses, body);

    private static ChatRequest ReadWith(string fields) => Read($$"""{"model":"m","input":"hi",{{fields}}}""");

    [Fact]
    public void Read_EveryField_IsUnderstood()
    {
        var request = Read(Full);
        Assert.Equal([ChatRole.System, ChatRole.Developer, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.User], request.Messages.Select(message => message.Role));
        Assert.Equal(new ImagePart(null, "image/png", "AAAA", "low"), request.Messages[2].Parts[1]);
        Assert.Equal("input_file", Assert.IsType<OpaquePart>(request.Messages[2].Parts[2]).Type);
        ContentPart[] answer = [new ReasoningPart("Hm.", "gAAA"), new TextPart("Let me look."), new ToolCallPart(new ToolCall("call_1", "weather", """{"city":"Rome"}""")), new ToolCallPart(new ToolCall("call_2", "now", "{}"))];
        Assert.Equal(answer, request.Messages[3].Parts);
        Assert.Equal(["call_2", "call_1"], request.Messages[4].Parts.Cast<ToolResultPart>().Select(part => part.CallId));
        Assert.Equal([("weather", true), ("now", true), ("web_search", false)], request.Tools.Select(tool => (tool.Name, tool.IsFunction)));
        Assert.Equal((new ToolChoice(ToolChoiceMode.Auto), false), (request.ToolChoice, request.ParallelToolCalls));
        Assert.Equal((ResponseFormatKind.JsonSchema, "n", true), (request.ResponseFormat!.Kind, request.ResponseFormat.Name, request.ResponseFormat.Strict));
        Assert.Equal((new Thinking(ThinkingLevel.Low), 500, 0.5, 0.9), (request.Thinking, request.MaxOutputTokens, request.Temperature, request.TopP));
        Assert.Equal(("u", "k", true), (request.User, request.PromptCacheKey, request.IncludeUsage));
        Assert.Equal(["include.reasoning.encrypted_content", "metadata", "text.verbosity", "truncation"], request.Extra.Keys.Order());
    }

    [Theory]
    [InlineData(Full)]
    [InlineData("""{"model":"m","input":"hi","store":true,"reasoning":{"effort":"someday"},"tool_choice":{"type":"allowed_tools","mode":"auto","tools":[]},"text":{"format":{"type":"grammar"}}}""")]
    [InlineData("""{"model":"m","input":[{"type":"web_search_call","id":"ws_1","status":"completed"},{"role":"user","content":"hi"}],"include":["message.output_text.logprobs"],"top_logprobs":3}""")]
    public void SameApi_EveryField_IsKept(string body) => Requests.AssertKept(WireApiKind.OpenAiResponses, body);

    [Theory]
    [InlineData("""{"model":"m","previous_response_id":"resp_1","input":[{"type":"function_call_output","call_id":"a","output":"x"}]}""")]
    [InlineData("""{"model":"m","input":[{"type":"item_reference","id":"fc_1"},{"type":"function_call_output","call_id":"a","output":"x"}]}""")]
    public void SameApi_ResultOfAStoredCall_IsKept(string body) => Requests.AssertKept(WireApiKind.OpenAiResponses, body);

    [Fact]
    public void SameApi_ChangedMembers_AreWrittenAndTheRestKept()
    {
        var request = Read(Full);
        var changed = request with
        {
            Messages = [.. request.Messages, new ChatMessage { Role = ChatRole.Assistant, Parts = [new ReasoningPart("x", "seal"), new TextPart("Bad")] }, ChatMessage.Of(ChatRole.User, "Findings")],
            Thinking = new Thinking(ThinkingLevel.High),
            ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonObject),
        };
        var body = Requests.Write(WireApiKind.OpenAiResponses, changed, null, stream: true);
        Assert.Equal("Be brief.", (string?)body["instructions"]);
        Assert.Equal(12, body["input"]!.AsArray().Count);
        WireTesting.AssertSame("""{"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm."}],"encrypted_content":"gAAA"}""", body["input"]![2]);
        WireTesting.AssertSame("""{"type":"reasoning","summary":[{"type":"summary_text","text":"x"}],"encrypted_content":"seal"}""", body["input"]![9]);
        WireTesting.AssertSame("""{"effort":"high","summary":"auto"}""", body["reasoning"]);
        WireTesting.AssertSame("""{"format":{"type":"json_object"},"verbosity":"low"}""", body["text"]);
        Assert.True((bool?)body["stream"]);
        Assert.Equal("auto", (string?)body["truncation"]);
    }

    [Theory]
    [InlineData("\"background\":1", "background")]
    [InlineData("\"temperature\":3", "temperature")]
    [InlineData("\"tools\":[{\"name\":\"a\"}]", "tools[0].type")]
    [InlineData("\"tools\":[{\"type\":\"function\",\"name\":\"a\"},{\"type\":\"function\",\"name\":\"a\"}]", "tools[1]")]
    [InlineData("\"tool_choice\":\"required\"", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"name\":\"b\"}", "tool_choice")]
    [InlineData("\"text\":{\"format\":{\"type\":\"json_schema\",\"name\":\"x\"}}", "text.format.schema")]
    public void Read_WrongField_NamesIt(string fields, string param)
    {
        var problem = Requests.Refused(() => ReadWith(fields));
        Assert.Equal((ProblemKind.InvalidRequest, param), (problem.Kind, problem.Param));
    }

    [Theory]
    [InlineData("""[{"role":"tool","content":"x"}]""", "input[0].role")]
    [InlineData("""[{"role":"user","content":[{"text":"x"}]}]""", "input[0].content[0].type")]
    [InlineData("""[{"type":"function_call_output","call_id":"nope","output":"x"}]""", "input[0].call_id")]
    [InlineData("""[{"type":"function_call","call_id":"a","name":"f","arguments":"{}"}]""", "input")]
    [InlineData("""[{"type":"function_call","call_id":"a","name":"f","arguments":{}}]""", "input[0].arguments")]
    public void Read_WrongItem_NamesIt(string input, string param) =>
        Assert.Equal(param, Requests.Refused(() => Read($$"""{"model":"m","input":{{input}}}""")).Param);

    [Fact]
    public void FromChat_Conversation_TakesTheItemsForm()
    {
        List<string> warnings = [];
        var request = WireTesting.ReadChat("""
            {"model":"m","messages":[
              {"role":"system","content":"Be brief."},
              {"role":"user","content":[{"type":"text","text":"Weather?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
              {"role":"assistant","content":"Let me look.","tool_calls":[{"id":"a","type":"function","function":{"name":"weather","arguments":"{}"}}]},
              {"role":"tool","tool_call_id":"a","content":"hot"}],
             "tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object"}}}],"tool_choice":{"type":"function","function":{"name":"weather"}},
             "max_tokens":77,"reasoning_effort":"high","user":"u","metadata":{"a":"b"},
             "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"},"strict":true}}}
            """);
        WireTesting.AssertSame("""
            {"model":"upstream","metadata":{"a":"b"},"input":[
               {"type":"message","role":"system","content":[{"type":"input_text","text":"Be brief."}]},
               {"type":"message","role":"user","content":[{"type":"input_text","text":"Weather?"},{"type":"input_image","image_url":"data:image/png;base64,AAAA","detail":"auto"}]},
               {"type":"message","role":"assistant","content":[{"type":"output_text","text":"Let me look."}]},
               {"type":"function_call","call_id":"a","name":"weather","arguments":"{}"},
               {"type":"function_call_output","call_id":"a","output":"hot"}],
             "tools":[{"type":"function","name":"weather","parameters":{"type":"object"},"strict":false}],"tool_choice":{"type":"function","name":"weather"},
             "text":{"format":{"type":"json_schema","name":"n","schema":{"type":"object"},"strict":true}},"reasoning":{"effort":"high"},"max_output_tokens":77,"user":"u","store":false}
            """, Requests.Write(WireApiKind.OpenAiResponses, request, warnings));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"stop\":\"END\"", "stop")]
    [InlineData("\"logit_bias\":{\"1\":5}", "logit_bias")]
    public void FromChat_WhatMustNotBeDropped_IsRefused(string fields, string param) =>
        Assert.Equal(param, Requests.Refused(() => Requests.Write(WireApiKind.OpenAiResponses, WireTesting.ReadChatWith(fields))).Param);

    [Fact]
    public void FromChat_WhatOnlyChangesSampling_IsNamed()
    {
        List<string> warnings = [];
        Requests.Write(WireApiKind.OpenAiResponses, WireTesting.ReadChatWith("\"seed\":1,\"presence_penalty\":1,\"top_k\":5,\"thinking_budget\":2000"), warnings);
        Assert.Equal(["presence_penalty", "seed", "thinking", "top_k"], warnings.Select(warning => warning[..warning.IndexOf(':', StringComparison.Ordinal)]).Order());
    }

    [Theory]
    [InlineData(WireApiKind.OpenAiChat)]
    [InlineData(WireApiKind.AnthropicMessages)]
    public void ToOtherApis_Conversation_SaysTheSame(WireApiKind api)
    {
        string plain = Full.Replace(""",{"type":"web_search","search_context_size":"low"}""", "", StringComparison.Ordinal)
            .Replace(""",{"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,AAAA"}""", "", StringComparison.Ordinal);
        List<string> warnings = [];
        var again = Requests.Read(api, Requests.Write(api, Read(plain), warnings).ToJsonString());
        Assert.Equal("Be brief.", again.Messages[0].Text[..9]);
        Assert.Equal(new ToolCall("call_1", "weather", """{"city":"Rome"}"""), again.Messages.SelectMany(message => message.Parts).OfType<ToolCallPart>().First().Call);
        Assert.Equal(["call_2", "call_1"], again.Messages.SelectMany(message => message.Parts).OfType<ToolResultPart>().Select(part => part.CallId));
        Assert.Equal("Thanks", again.Messages[^1].Text);
        Assert.Equal(["weather", "now"], again.Tools.Select(tool => tool.Name));
        Assert.Equal((ResponseFormatKind.JsonSchema, 500, false), (again.ResponseFormat!.Kind, again.MaxOutputTokens, again.ParallelToolCalls));
        Assert.Contains(warnings, warning => warning.StartsWith("text.verbosity", StringComparison.Ordinal));
    }

    [Fact]
    public void FromAnthropic_ToolLoop_TakesTheItemsForm()
    {
        var request = Requests.Read(WireApiKind.AnthropicMessages, """
            {"model":"m","max_tokens":9,"system":"s","messages":[{"role":"user","content":"a"},
              {"role":"assistant","content":[{"type":"thinking","thinking":"t","signature":"sig"},{"type":"tool_use","id":"x","name":"f","input":{"k":1}}]},
              {"role":"user","content":[{"type":"tool_result","tool_use_id":"x","content":"r"},{"type":"text","text":"b"}]}],"tools":[{"name":"f","input_schema":{"type":"object"}}]}
            """);
        List<string> warnings = [];
        WireTesting.AssertSame("""
            [{"type":"message","role":"system","content":[{"type":"input_text","text":"s"}]},{"type":"message","role":"user","content":[{"type":"input_text","text":"a"}]},
             {"type":"function_call","call_id":"x","name":"f","arguments":"{\"k\":1}"},{"type":"function_call_output","call_id":"x","output":"r"},
             {"type":"message","role":"user","content":[{"type":"input_text","text":"b"}]}]
            """, Requests.Write(WireApiKind.OpenAiResponses, request, warnings)["input"]);
        Assert.Equal(["messages: reasoning of earlier answers goes back to its maker only, under its seal; left out."], warnings);
    }

    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    public void Read_DamagedBody_IsReadOrRefusedNeverMore(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 400; round++)
        {
            char[] body = Full.ToCharArray();
            for (int i = 1 + random.Next(3); i > 0; i--) body[random.Next(body.Length)] = "{}[]\",:0a\\"[random.Next(10)];
            try
            {
                var request = Read(new string(body));
                foreach (var api in Enum.GetValues<WireApiKind>()) Requests.Write(api, request);
            }
            catch (ProblemException e)
            {
                Assert.Equal(ProblemKind.InvalidRequest, e.Problem.Kind);
            }
        }
    }
}
