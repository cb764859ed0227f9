using System.Text.Json.Nodes;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire;

/// <summary>The law of no silent loss, for every field of every API and every API that may be asked: carried, refused, or named in a warning.</summary>
public sealed class NoFieldIsLostTests
{
    private static readonly WireApiKind[] Apis = [WireApiKind.OpenAiChat, WireApiKind.OpenAiResponses, WireApiKind.AnthropicMessages, WireApiKind.Gemini];

    /// <summary>The number of a case, and the API asked; the case's name is for who reads the result.</summary>
    public static TheoryData<int, WireApiKind, string> Cases
    {
        get
        {
            var data = new TheoryData<int, WireApiKind, string>();
            for (int i = 0; i < FieldCases.All.Count; i++)
            {
                foreach (var api in Apis) data.Add(i, api, $"{FieldCases.All[i].Api}: {FieldCases.All[i].Name}");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Field_IsCarriedRefusedOrNamed(int number, WireApiKind asked, string name)
    {
        var field = FieldCases.All[number];
        List<string> warnings = [];
        string said;
        try
        {
            said = Requests.Write(asked, Requests.Read(field.Api, field.Body), warnings, stream: field.Body.Contains("\"stream\":true", StringComparison.Ordinal)).ToJsonString();
        }
        catch (ProblemException refused)
        {
            Assert.NotEqual(asked, field.Api);
            Assert.Contains(field.Name, refused.Problem.Message, StringComparison.Ordinal);
            return;
        }

        bool isNamed = asked != field.Api && warnings.Any(warning => warning.Contains(field.Name, StringComparison.Ordinal));
        bool isCarried = field.Carried.Any(text => said.Contains(text, StringComparison.Ordinal));
        Assert.True(isNamed || isCarried, $"{name} was lost without a word; said: {said}; warnings: {string.Join(" | ", warnings)}");
    }

    /// <summary>Within a request, names with a dot are members of other fields; a caller may write such a name all the same.</summary>
    [Theory]
    [InlineData(WireApiKind.OpenAiChat, """{"model":"m","messages":[{"role":"user","content":"hi"}],"vendor.field":1}""")]
    [InlineData(WireApiKind.OpenAiResponses, """{"model":"m","input":"hi","vendor.field":1,"text":{"verbosity":"low"},"include":["reasoning.encrypted_content"]}""")]
    [InlineData(WireApiKind.AnthropicMessages, """{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}],"vendor.field":1,"metadata":{"x":1},"thinking":{"type":"adaptive","display":"omitted"}}""")]
    public void Field_WhoseNameHasADot_IsKeptAsWritten(WireApiKind api, string body) => Requests.AssertKept(api, body);

    [Theory, InlineData(WireApiKind.AnthropicMessages), InlineData(WireApiKind.Gemini), InlineData(WireApiKind.OpenAiResponses)]
    public void Field_ThatAsksForNothing_IsNotNamed(WireApiKind asked)
    {
        List<string> warnings = [];
        Requests.Write(asked, Requests.Read(WireApiKind.OpenAiChat, """{"model":"m","messages":[{"role":"user","content":"hi"}],"max_tokens":9,"store":false,"modalities":["text"],"logit_bias":{},"metadata":null}"""), warnings);
        Assert.Empty(warnings);
    }

    /// <summary>The same API gets all of it as it was written, also where the request was read in full.</summary>
    [Fact]
    public void Field_OfTheApiAsked_IsKeptAsWritten()
    {
        foreach (var field in FieldCases.All)
        {
            bool isStream = field.Body.Contains("\"stream\":true", StringComparison.Ordinal);
            var expected = JsonNode.Parse(field.Body)!;
            expected["model"] = "upstream";
            if (isStream && field.Api == WireApiKind.OpenAiChat) expected["stream_options"]!["include_usage"] = true;
            WireTesting.AssertSame(expected.ToJsonString(), Requests.Write(field.Api, Requests.Read(field.Api, field.Body), stream: isStream));
        }
    }

    /// <summary>An answer that is read on its way has no more than our form has: what the caller's own API would have added is refused or named.</summary>
    [Theory]
    [InlineData(WireApiKind.OpenAiChat, "\"modalities\":[\"text\",\"audio\"],\"audio\":{\"voice\":\"x\"}", "modalities", true)]
    [InlineData(WireApiKind.OpenAiChat, "\"modalities\":[\"text\"]", null, false)]
    [InlineData(WireApiKind.OpenAiChat, "\"web_search_options\":{}", "web_search_options", false)]
    [InlineData(WireApiKind.OpenAiChat, "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"c1\"}}]", "c1", false)]
    [InlineData(WireApiKind.AnthropicMessages, "\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]", "web_search", false)]
    [InlineData(WireApiKind.AnthropicMessages, "\"tools\":[{\"type\":\"bash_20250124\",\"name\":\"bash\"},{\"name\":\"f\",\"input_schema\":{}}]", null, false)]
    [InlineData(WireApiKind.AnthropicMessages, "\"mcp_servers\":[{\"type\":\"url\"}]", "mcp_servers", false)]
    [InlineData(WireApiKind.AnthropicMessages, "\"container\":null", null, false)]
    [InlineData(WireApiKind.OpenAiResponses, "\"tools\":[{\"type\":\"web_search\"}]", "web_search", false)]
    [InlineData(WireApiKind.OpenAiResponses, "\"tools\":[{\"type\":\"image_generation\"}]", "image_generation", true)]
    [InlineData(WireApiKind.OpenAiResponses, "\"tools\":[{\"type\":\"computer_use_preview\"}]", "computer_use_preview", true)]
    [InlineData(WireApiKind.OpenAiResponses, "\"background\":true", "background", true)]
    [InlineData(WireApiKind.OpenAiResponses, "\"include\":[\"web_search_call.results\",\"reasoning.encrypted_content\"]", "web_search_call.results", false)]
    [InlineData(WireApiKind.OpenAiResponses, "\"store\":true", "store", false)]
    [InlineData(WireApiKind.OpenAiResponses, "\"include\":[\"reasoning.encrypted_content\"],\"store\":false", null, false)]
    public void Answer_ThatIsRead_LosesNothingWithoutAWord(WireApiKind api, string fields, string? name, bool isRefused)
    {
        string talk = api == WireApiKind.OpenAiResponses ? "\"input\":\"hi\"" : "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
        var request = Requests.Read(api, $$"""{"model":"m",{{talk}},{{fields}}}""");
        List<string> warnings = [];
        if (isRefused) Assert.Contains(name!, Requests.Refused(() => UnreadAnswers.Check(request, warnings)).Message, StringComparison.Ordinal);
        else UnreadAnswers.Check(request, warnings);
        if (name is null || isRefused) Assert.Empty(warnings);
        else Assert.Contains(name, Assert.Single(warnings), StringComparison.Ordinal);
    }

    /// <summary>What is <c>null</c> asks for nothing: it is neither refused nor named.</summary>
    [Theory]
    [InlineData(WireApiKind.OpenAiChat, "logit_bias", "modalities", "audio", "web_search_options", "grammar", "response_format", "tool_choice", "stop", "verbosity")]
    [InlineData(WireApiKind.AnthropicMessages, "container", "mcp_servers", "context_management", "service_tier")]
    [InlineData(WireApiKind.OpenAiResponses, "previous_response_id", "conversation", "prompt", "background", "text", "include", "truncation", "reasoning")]
    public void Null_ForAnotherApi_IsNothing(WireApiKind api, params string[] names)
    {
        string talk = api == WireApiKind.OpenAiResponses ? "\"input\":\"hi\"" : "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
        string limit = api == WireApiKind.OpenAiResponses ? "max_output_tokens" : "max_tokens";
        var request = Requests.Read(api, $$"""{"model":"m","{{limit}}":50,{{talk}},{{string.Join(',', names.Select(name => $"\"{name}\":null"))}}}""");
        foreach (var asked in Apis)
        {
            List<string> warnings = [];
            _ = Requests.Write(asked, request, warnings);
            Assert.Empty(warnings);
        }
    }
}
