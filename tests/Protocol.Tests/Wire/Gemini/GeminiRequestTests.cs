using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire.Gemini;

public class GeminiRequestTests
{
    private readonly List<string> warnings = [];

    [Fact]
    public void Conversation_WithImage_StandsInItsPlaces()
    {
        AssertWritten(
            """
            {"model":"m","messages":[{"role":"system","content":"Be brief."},{"role":"developer","content":"In Latin."},
              {"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]},
              {"role":"assistant","content":"Canis."},{"role":"user","content":"And"},{"role":"user","content":"now?"}]}
            """,
            """
            {"systemInstruction":{"parts":[{"text":"Be brief."},{"text":"In Latin."}]},
             "contents":[{"role":"user","parts":[{"text":"What is it?"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]},
               {"role":"model","parts":[{"text":"Canis."}]},{"role":"user","parts":[{"text":"And"},{"text":"now?"}]}],
             "generationConfig":{}}
            """);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Settings_OfChat_AreGenerationConfig()
    {
        var body = WriteWith("""
            "max_completion_tokens":50,"temperature":0.5,"top_p":0.9,"top_k":40,"presence_penalty":0.1,"frequency_penalty":-0.2,"seed":7,"stop":["END","."],
            "n":2,"logprobs":true,"top_logprobs":3,"response_format":{"type":"json_schema","json_schema":{"name":"x","strict":true,"schema":{"type":"object","additionalProperties":false}}}
            """);
        WireTesting.AssertSame("""
            {"maxOutputTokens":50,"candidateCount":2,"temperature":0.5,"topP":0.9,"topK":40,"presencePenalty":0.1,"frequencyPenalty":-0.2,"seed":7,"stopSequences":["END","."],
             "responseMimeType":"application/json","responseJsonSchema":{"type":"object","additionalProperties":false},"responseLogprobs":true,"logprobs":3}
            """, body["generationConfig"]);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Tools_AndTheirChoice_AreDeclarationsAndConfig()
    {
        const string Tools = """ "tools":[{"type":"function","function":{"name":"weather","description":"Of a city.","parameters":{"type":"object","$defs":{}},"strict":STRICT}},{"type":"function","function":{"name":"now"}}]""";
        var body = WriteWith(Tools.Replace("STRICT", "false", StringComparison.Ordinal) + ""","tool_choice":{"type":"function","function":{"name":"now"}}""");
        WireTesting.AssertSame("""[{"functionDeclarations":[{"name":"weather","description":"Of a city.","parametersJsonSchema":{"type":"object","$defs":{}}},{"name":"now"}]}]""", body["tools"]);
        WireTesting.AssertSame("""{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["now"]}}""", body["toolConfig"]);
        Assert.Equal("VALIDATED", ModeOf(WriteWith(Tools.Replace("STRICT", "true", StringComparison.Ordinal))));
        Assert.Equal("NONE", ModeOf(WriteWith(Tools.Replace("STRICT", "false", StringComparison.Ordinal) + ""","tool_choice":"none" """)));
        Assert.Null(WriteWith(Tools.Replace("STRICT", "false", StringComparison.Ordinal))["toolConfig"]);
    }

    [Fact]
    public void ToolLoop_WithImagesAndAnError_HasResultsTogetherAndByName()
    {
        var request = new ChatRequest
        {
            Api = WireApiKind.AnthropicMessages,
            Model = "m",
            Messages =
            [
                ChatMessage.Of(ChatRole.User, "Go"),
                new ChatMessage { Role = ChatRole.Assistant, Parts = [new ToolCallPart(new ToolCall("c:1", "look", "{\"at\":1}")), new ToolCallPart(new ToolCall("c:2", "hear", "{broken"))] },
                new ChatMessage { Role = ChatRole.User, Parts = [new ToolResultPart("c:1", [new TextPart("seen"), new ImagePart(null, "image/png", "AAAA", null)]), new ToolResultPart("c:2", [new TextPart("deaf")], IsError: true)] },
            ],
        };
        WireTesting.AssertSame("""
            [{"role":"user","parts":[{"text":"Go"}]},
             {"role":"model","parts":[{"functionCall":{"id":"c:1","name":"look","args":{"at":1}}},{"functionCall":{"id":"c:2","name":"hear","args":{"INVALID_JSON":"{broken"}}}]},
             {"role":"user","parts":[{"functionResponse":{"id":"c:1","name":"look","response":{"output":"seen"}}},{"functionResponse":{"id":"c:2","name":"hear","response":{"error":"deaf"}}},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}]
            """, Write(request)["contents"]);
        Assert.Contains("INVALID_JSON", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Thinking_InTheModelsOwnForm_IsAMemberOfGenerationConfig()
    {
        var fields = JsonNode.Parse("""{"thinkingConfig":{"thinkingLevel":"low","includeThoughts":true}}""")!.AsObject();
        var applied = new AppliedThinking { Asked = new Thinking(ThinkingLevel.Low), Applied = "low", Fields = fields };
        string body = WireTesting.Written(output => UpstreamApi.Of(WireApiKind.Gemini).WriteRequest(WireTesting.ReadChatWith("\"seed\":1"), new WireTarget("m", false) { Thinking = applied }, output, warnings));
        WireTesting.AssertSame("""{"seed":1,"thinkingConfig":{"thinkingLevel":"low","includeThoughts":true}}""", JsonNode.Parse(body)!["generationConfig"]);
    }

    [Theory]
    [InlineData("none", """{"thinkingBudget":0,"includeThoughts":false}""", 0)]
    [InlineData("medium", """{"thinkingLevel":"medium","includeThoughts":true}""", 0)]
    [InlineData("xhigh", """{"thinkingLevel":"high","includeThoughts":true}""", 1)]
    public void Thinking_OfAModelThatNobodyKnows_IsTheApisOwn(string word, string expected, int warned)
    {
        WireTesting.AssertSame(expected, WriteWith($"\"reasoning_effort\":\"{word}\"")["generationConfig"]!["thinkingConfig"]);
        Assert.Equal(warned, warnings.Count);
    }

    [Theory]
    [InlineData(""" "user":"u" """, "user")]
    [InlineData(""" "seed":9999999999""", "seed")]
    [InlineData(""" "prompt_cache_key":"k" """, "prompt_cache_key")]
    [InlineData(""" "service_tier":"flex" """, "service_tier")]
    [InlineData(""" "parallel_tool_calls":false,"tools":[{"type":"function","function":{"name":"f"}}]""", "parallel_tool_calls")]
    public void Field_ThatCannotBeCarried_IsAWarning(string field, string name)
    {
        WriteWith(field);
        Assert.StartsWith(name, Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(""" "logit_bias":{"1":5}""", "logit_bias")]
    [InlineData(""" "stop":["a","b","c","d","e","f"]""", "stop")]
    [InlineData(""" "web_search_options":{}""", "web_search_options")]
    public void Field_WithoutWhichTheAnswerIsAnother_IsRefused(string field, string name)
    {
        var problem = Requests.Refused(() => WriteWith(field));
        Assert.Equal((ProblemKind.InvalidRequest, name), (problem.Kind, problem.Param));
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://example.org/a.png"}}""", "base64")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}""", "input_audio")]
    public void Part_ThatCannotBeCarried_IsRefused(string part, string word)
    {
        var request = WireTesting.ReadChat($$"""{"model":"m","messages":[{"role":"user","content":[{{part}}]}]}""");
        Assert.Contains(word, Requests.Refused(() => Write(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Field_OfGeminisOwn_IsCarried() =>
        WireTesting.AssertSame("""[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}]""", WriteWith(""" "safetySettings":[{"category":"HARM_CATEGORY_HARASSMENT","threshold":"BLOCK_NONE"}]""")["safetySettings"]);

    [Fact]
    public void Instructions_Alone_AreAsked()
    {
        AssertWritten("""{"model":"m","messages":[{"role":"system","content":"a"},{"role":"system","content":"b"}]}""",
            """{"systemInstruction":{"parts":[{"text":"a"}]},"contents":[{"role":"user","parts":[{"text":"b"}]}],"generationConfig":{}}""");
        Assert.Single(warnings);
    }

    [Fact]
    public void Instruction_WithinTheConversation_IsMovedAndSaid()
    {
        AssertWritten("""{"model":"m","messages":[{"role":"user","content":"a"},{"role":"system","content":"b"}]}""",
            """{"systemInstruction":{"parts":[{"text":"b"}]},"contents":[{"role":"user","parts":[{"text":"a"}]}],"generationConfig":{}}""");
        Assert.Contains("moved", Assert.Single(warnings), StringComparison.Ordinal);
    }

    private static string? ModeOf(JsonNode body) => (string?)body["toolConfig"]!["functionCallingConfig"]!["mode"];

    private void AssertWritten(string chat, string expected) => WireTesting.AssertSame(expected, Write(WireTesting.ReadChat(chat)));

    private JsonNode WriteWith(string fields) => Write(WireTesting.ReadChatWith(fields));

    private JsonNode Write(ChatRequest request) => Requests.Write(WireApiKind.Gemini, request, warnings);
}
