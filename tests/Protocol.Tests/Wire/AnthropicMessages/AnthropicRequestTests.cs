using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire.AnthropicMessages;

public class AnthropicRequestTests
{
    private const string Full = """
        {"model":"r","max_tokens":4096,"system":[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral","ttl":"1h"}}],
         "messages":[
           {"role":"user","content":[{"type":"text","text":"Weather?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
             {"type":"document","source":{"type":"text","media_type":"text/plain","data":"x"},"title":"t"}]},
           {"role":"assistant","content":[{"type":"thinking","thinking":"Hm.","signature":"c2ln"},{"type":"redacted_thinking","data":"c2Vj"},{"type":"tool_use","id":"toolu_1","name":"weather","input":{"city":"Rome"}}]},
           {"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_1","content":[{"type":"text","text":"hot"}],"is_error":true,"cache_control":{"type":"ephemeral"}}]},
           {"role":"assistant","content":"Hot."},{"role":"user","content":"Thanks"}],
         "tools":[{"name":"weather","description":"d","input_schema":{"type":"object","properties":{"city":{"type":"string"}}},"strict":true,"cache_control":{"type":"ephemeral"}},{"type":"web_search_20250305","name":"web_search","max_uses":2}],
         "tool_choice":{"type":"auto","disable_parallel_tool_use":true},"thinking":{"type":"enabled","budget_tokens":2048,"display":"summarized"},
         "output_config":{"effort":"medium","format":{"type":"json_schema","schema":{"type":"object"}},"task_budget":7},
         "stop_sequences":["END"],"temperature":1.0,"top_p":0.95,"top_k":40,"metadata":{"user_id":"u1","team":"t"},"stream":false,"service_tier":"auto","mcp_servers":[]}
        """;

    private static ChatRequest Read(string body) => Requests.Read(WireApiKind.AnthropicMessages, body);

    private static ChatRequest ReadWith(string fields) => Read($$"""{"model":"m","max_tokens":5000,"messages":[{"role":"user","content":"hi"}],{{fields}}}""");

    [Fact]
    public void Read_EveryField_IsUnderstood()
    {
        var request = Read(Full);
        Assert.Equal([ChatRole.System, ChatRole.User, ChatRole.Assistant, ChatRole.Tool, ChatRole.Assistant, ChatRole.User], request.Messages.Select(message => message.Role));
        Assert.Equal(new ImagePart(null, "image/png", "AAAA", null), request.Messages[1].Parts[1]);
        Assert.Equal("document", Assert.IsType<OpaquePart>(request.Messages[1].Parts[2]).Type);
        Assert.Equal([new ReasoningPart("Hm.", "c2ln"), new ReasoningPart("", null, "c2Vj"), new ToolCallPart(new ToolCall("toolu_1", "weather", """{"city":"Rome"}"""))], request.Messages[2].Parts);
        var result = Assert.IsType<ToolResultPart>(Assert.Single(request.Messages[3].Parts));
        Assert.Equal(("toolu_1", true, new TextPart("hot")), (result.CallId, result.IsError, Assert.Single(result.Parts)));
        Assert.Equal([("weather", true), ("web_search", false)], request.Tools.Select(tool => (tool.Name, tool.IsFunction)));
        Assert.Equal((new ToolChoice(ToolChoiceMode.Auto), false), (request.ToolChoice, request.ParallelToolCalls));
        Assert.Equal(new Thinking(ThinkingLevel.Medium, 2048), request.Thinking);
        Assert.Equal(ResponseFormatKind.JsonSchema, request.ResponseFormat?.Kind);
        Assert.Equal((4096, 1.0, 0.95, 40, "u1"), (request.MaxOutputTokens, request.Temperature, request.TopP, request.TopK, request.User));
        Assert.Equal(["END"], request.Stop);
        Assert.Equal(["mcp_servers", "metadata.team", "service_tier", "thinking.display"], request.Extra.Keys.Order());
    }

    [Theory]
    [InlineData(Full)]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"hi"}],"thinking":{"type":"adaptive"}}""")]
    [InlineData("""{"model":"m","max_tokens":1,"messages":[{"role":"user","content":"hi"}],"thinking":{"type":"between_tools"},"cache_control":{"type":"ephemeral"}}""")]
    [InlineData("""{"model":"m","max_tokens":1,"system":"s","messages":[{"role":"user","content":"hi"},{"role":"system","content":"later"}],"output_format":{"type":"json_schema","schema":{}}}""")]
    public void SameApi_EveryField_IsKept(string body) => Requests.AssertKept(WireApiKind.AnthropicMessages, body);

    [Fact]
    public void SameApi_ChangedMembers_AreWrittenAndTheRestKept()
    {
        var request = Read(Full);
        var changed = request with
        {
            Messages = [.. request.Messages, ChatMessage.Of(ChatRole.System, "Repair."), ChatMessage.Of(ChatRole.Assistant, "Bad"), ChatMessage.Of(ChatRole.User, "Findings")],
            Thinking = new Thinking(ThinkingLevel.High),
            MaxOutputTokens = 99,
        };
        var body = Requests.Write(WireApiKind.AnthropicMessages, changed, null, stream: true);
        WireTesting.AssertSame("""[{"type":"text","text":"Be brief.","cache_control":{"type":"ephemeral","ttl":"1h"}},{"type":"text","text":"Repair."}]""", body["system"]);
        Assert.Equal(7, body["messages"]!.AsArray().Count);
        WireTesting.AssertSame("""{"role":"assistant","content":[{"type":"text","text":"Bad"}]}""", body["messages"]![5]);
        WireTesting.AssertSame("""{"type":"adaptive","display":"summarized"}""", body["thinking"]);
        Assert.Equal("high", (string?)body["output_config"]!["effort"]);
        Assert.Equal(99, (int?)body["max_tokens"]);
        Assert.True((bool?)body["stream"]);
        Assert.Equal(2, body["tools"]!.AsArray().Count);
    }

    [Fact]
    public void Read_CountTokensBody_NeedsNoLimit()
    {
        var request = Read("""{"model":"m","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Null(request.MaxOutputTokens);
    }

    [Theory]
    [InlineData("\"thinking\":{\"type\":\"disabled\"}", ThinkingLevel.Off)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"}", ThinkingLevel.High)]
    [InlineData("\"thinking\":{\"type\":\"adaptive\"},\"output_config\":{\"effort\":\"max\"}", ThinkingLevel.Max)]
    [InlineData("\"output_config\":{\"effort\":\"low\"}", ThinkingLevel.Low)]
    public void Read_Thinking_IsOneKnob(string fields, ThinkingLevel expected) => Assert.Equal(expected, ReadWith(fields).Thinking!.Level);

    [Theory]
    [InlineData("\"temperature\":3", "temperature")]
    [InlineData("\"thinking\":{\"type\":\"enabled\"}", "thinking.budget_tokens")]
    [InlineData("\"tools\":[{\"name\":\"a\"}]", "tools[0].input_schema")]
    [InlineData("\"tools\":[{\"name\":\"a\",\"input_schema\":{}},{\"name\":\"a\",\"input_schema\":{}}]", "tools[1]")]
    [InlineData("\"tool_choice\":{\"type\":\"any\"}", "tool_choice")]
    [InlineData("\"tool_choice\":{\"type\":\"sometimes\"}", "tool_choice.type")]
    [InlineData("\"output_config\":{\"format\":{\"type\":\"xml\"}}", "output_config.format.type")]
    [InlineData("\"stop_sequences\":[\"\"]", "stop_sequences")]
    [InlineData("\"metadata\":7", "metadata")]
    public void Read_WrongField_NamesIt(string fields, string param)
    {
        var problem = Requests.Refused(() => ReadWith(fields));
        Assert.Equal((ProblemKind.InvalidRequest, param), (problem.Kind, problem.Param));
    }

    [Theory]
    [InlineData("""[{"role":"tool","content":"x"}]""", "messages[0].role")]
    [InlineData("""[{"role":"user","content":7}]""", "messages[0].content")]
    [InlineData("""[{"role":"user","content":[{"text":"x"}]}]""", "messages[0].content[0].type")]
    [InlineData("""[{"role":"user","content":[{"type":"tool_result","tool_use_id":"nope"}]}]""", "messages[0].content[0].tool_use_id")]
    [InlineData("""[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":{}}]},{"role":"user","content":"x"}]""", "messages[0]")]
    [InlineData("""[{"role":"assistant","content":[{"type":"tool_use","id":"a","name":"f","input":"{}"}]}]""", "messages[0].content[0].input")]
    public void Read_WrongMessage_NamesIt(string messages, string param) =>
        Assert.Equal(param, Requests.Refused(() => Read($$"""{"model":"m","max_tokens":1,"messages":{{messages}}}""")).Param);

    [Fact]
    public void FromChat_Conversation_TakesAnthropicsForm()
    {
        List<string> warnings = [];
        var request = WireTesting.ReadChat("""
            {"model":"m","messages":[
              {"role":"system","content":"Be brief."},{"role":"developer","content":"Be kind."},
              {"role":"user","content":[{"type":"text","text":"Weather?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},{"type":"image_url","image_url":{"url":"https://x/y.png"}}]},
              {"role":"assistant","content":null,"tool_calls":[{"id":"functions.weather:0","type":"function","function":{"name":"weather","arguments":"{\"city\":\"Rome\"}"}},{"id":"b","type":"function","function":{"name":"now","arguments":""}}]},
              {"role":"tool","tool_call_id":"functions.weather:0","content":"hot"},{"role":"tool","tool_call_id":"b","content":"noon"},
              {"role":"user","content":"And?"}],
             "tools":[{"type":"function","function":{"name":"weather","description":"d","parameters":{"type":"object"},"strict":true}},{"type":"function","function":{"name":"now"}}],
             "tool_choice":"required","parallel_tool_calls":false,"max_completion_tokens":77,"stop":["END"],"temperature":1.5,"user":"u",
             "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object"}}}}
            """);
        WireTesting.AssertSame("""
            {"model":"upstream","system":[{"type":"text","text":"Be brief."},{"type":"text","text":"Be kind."}],
             "messages":[
               {"role":"user","content":[{"type":"text","text":"Weather?"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},{"type":"image","source":{"type":"url","url":"https://x/y.png"}}]},
               {"role":"assistant","content":[{"type":"tool_use","id":"functions_weather_0","name":"weather","input":{"city":"Rome"}},{"type":"tool_use","id":"b","name":"now","input":{}}]},
               {"role":"user","content":[{"type":"tool_result","tool_use_id":"functions_weather_0","content":"hot"},{"type":"tool_result","tool_use_id":"b","content":"noon"},{"type":"text","text":"And?"}]}],
             "tools":[{"name":"weather","description":"d","input_schema":{"type":"object"},"strict":true},{"name":"now","input_schema":{"type":"object"}}],
             "tool_choice":{"type":"any","disable_parallel_tool_use":true},"max_tokens":77,"stop_sequences":["END"],"temperature":1,
             "output_config":{"format":{"type":"json_schema","schema":{"type":"object"}}},"metadata":{"user_id":"u"}}
            """, Requests.Write(WireApiKind.AnthropicMessages, request, warnings));
        Assert.Equal(["temperature: Anthropic's API goes up to 1; 1.5 was lowered to it."], warnings);
    }

    [Fact]
    public void FromChat_NoLimit_SendsAStatedDefault()
    {
        List<string> warnings = [];
        var body = Requests.Write(WireApiKind.AnthropicMessages, WireTesting.ReadChatWith("\"seed\":1"), warnings);
        Assert.Equal(8192, (int?)body["max_tokens"]);
        Assert.Contains("max_tokens: Anthropic's API demands a limit and the request has none; 8192 was sent.", warnings);
        Assert.Contains("seed: Anthropic's API has no such field; left out.", warnings);
    }

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"logit_bias\":{\"1\":5}", "logit_bias")]
    [InlineData("\"response_format\":{\"type\":\"grammar\",\"value\":\"x\"}", "response_format")]
    [InlineData("\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}]", "tools")]
    public void FromChat_WhatMustNotBeDropped_IsRefused(string fields, string param) =>
        Assert.Equal(param, Requests.Refused(() => Requests.Write(WireApiKind.AnthropicMessages, WireTesting.ReadChatWith(fields))).Param);

    [Theory]
    [InlineData("\"max_tokens\":9000,\"reasoning_effort\":\"high\",\"temperature\":0.5", """{"type":"adaptive"}""", "temperature:")]
    [InlineData("\"max_tokens\":9000,\"reasoning_effort\":\"none\",\"temperature\":0.5", """{"type":"disabled"}""", null)]
    [InlineData("\"max_tokens\":9000,\"thinking_budget\":100", """{"type":"enabled","budget_tokens":1024}""", "thinking:")]
    [InlineData("\"max_tokens\":2000,\"thinking_budget\":9000", """{"type":"enabled","budget_tokens":1999}""", "thinking:")]
    [InlineData("\"max_tokens\":500,\"thinking_budget\":9000", """{"type":"disabled"}""", "thinking:")]
    [InlineData("\"max_tokens\":9000,\"reasoning_effort\":\"low\",\"tool_choice\":\"required\",\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]", """{"type":"disabled"}""", "thinking:")]
    public void FromChat_Thinking_IsBroughtWithinTheApisRules(string fields, string expected, string? warning)
    {
        List<string> warnings = [];
        WireTesting.AssertSame(expected, Requests.Write(WireApiKind.AnthropicMessages, WireTesting.ReadChatWith(fields), warnings)["thinking"]);
        if (warning is null) Assert.Empty(warnings);
        else Assert.StartsWith(warning, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void FromChat_JsonObject_IsAskedForInWords()
    {
        List<string> warnings = [];
        var body = Requests.Write(WireApiKind.AnthropicMessages, WireTesting.ReadChatWith("\"max_tokens\":5,\"response_format\":{\"type\":\"json_object\"}"), warnings);
        WireTesting.AssertSame("""[{"type":"text","text":"Answer with one JSON object and nothing else."}]""", body["system"]);
        Assert.StartsWith("response_format:", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void FromChat_InstructionsOnly_AreAsked()
    {
        var body = Requests.Write(WireApiKind.AnthropicMessages, WireTesting.ReadChat("""{"model":"m","max_tokens":5,"messages":[{"role":"system","content":"Say hi."}]}"""));
        WireTesting.AssertSame("""[{"role":"user","content":[{"type":"text","text":"Say hi."}]}]""", body["messages"]);
    }

    [Fact]
    public void FromChat_LateInstruction_IsMovedAndSaid()
    {
        List<string> warnings = [];
        var request = WireTesting.ReadChat("""{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"a"},{"role":"system","content":"b"},{"role":"user","content":"c"}]}""");
        var body = Requests.Write(WireApiKind.AnthropicMessages, request, warnings);
        WireTesting.AssertSame("""[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"c"}]}]""", body["messages"]);
        Assert.Equal(["messages: an instruction within the conversation was moved to its front."], warnings);
    }

    [Fact]
    public void ToChat_Conversation_KeepsCallsResultsAndImages()
    {
        var request = Read(Full.Replace(""",{"type":"web_search_20250305","name":"web_search","max_uses":2}""", "", StringComparison.Ordinal)
            .Replace("""{"type":"document","source":{"type":"text","media_type":"text/plain","data":"x"},"title":"t"}""", """{"type":"text","text":"x"}""", StringComparison.Ordinal)
            .Replace(",\"mcp_servers\":[]", "", StringComparison.Ordinal));
        List<string> warnings = [];
        var body = Requests.Write(WireApiKind.OpenAiChat, request, warnings);
        var again = WireTesting.ReadChat(body.ToJsonString());
        Assert.Equal(request.Messages.Select(message => message.Role), again.Messages.Select(message => message.Role));
        Assert.Equal("Be brief.", again.Messages[0].Text);
        Assert.Contains(new ImagePart(null, "image/png", "AAAA", null), again.Messages[1].Parts);
        Assert.Contains(new ToolCallPart(new ToolCall("toolu_1", "weather", """{"city":"Rome"}""")), again.Messages[2].Parts);
        Assert.Equal("toolu_1", Assert.IsType<ToolResultPart>(Assert.Single(again.Messages[3].Parts)).CallId);
        Assert.Equal(request.Tools[0].Parameters?.GetRawText(), again.Tools[0].Parameters?.GetRawText());
        Assert.Contains(warnings, warning => warning.StartsWith("thinking.display", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
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
                Requests.Write(WireApiKind.AnthropicMessages, request);
                Requests.Write(WireApiKind.OpenAiChat, request);
            }
            catch (ProblemException e)
            {
                Assert.Equal(ProblemKind.InvalidRequest, e.Problem.Kind);
            }
        }
    }

    [Theory]
    [InlineData(400, """{"type":"error","error":{"type":"invalid_request_error","message":"max_tokens: too many"}}""", ProblemKind.InvalidRequest, "max_tokens: too many")]
    [InlineData(529, """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"}""", ProblemKind.UpstreamUnavailable, "Overloaded")]
    [InlineData(502, "<html>", ProblemKind.UpstreamFailed, "The upstream answered with status 502.")]
    public void ReadProblem_EveryForm_IsUnderstood(int status, string body, ProblemKind kind, string message)
    {
        var problem = WireApi.For(WireApiKind.AnthropicMessages).ReadProblem(status, System.Text.Encoding.UTF8.GetBytes(body));
        Assert.Equal((kind, message, status), (problem.Kind, problem.Message, problem.UpstreamStatus));
    }

    [Fact]
    public void WriteProblem_TakesAnthropicsForm()
    {
        string body = WireTesting.Written(output => WireApi.For(WireApiKind.AnthropicMessages).WriteProblem(new Problem(ProblemKind.NotFound, "No such thing.", "model"), output));
        Assert.Equal("""{"type":"error","error":{"type":"not_found_error","message":"model: No such thing."},"request_id":null}""", body);
    }
}
