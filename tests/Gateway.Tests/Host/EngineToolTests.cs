using System.Net;
using System.Text.Json;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Tool calls out of the engine's text, over HTTP. The model that ships has no format of its own: it is asked for ours in words, and held to it where a call is required.</summary>
public sealed class EngineToolTests(EngineScene scene) : IClassFixture<EngineScene>
{
    private const string Tools = """
        [{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string","maxLength":20},"days":{"type":"integer","minimum":1,"maximum":9}},"required":["city","days"],"additionalProperties":false}}},
         {"type":"function","function":{"name":"timer","parameters":{"type":"object","properties":{"minutes":{"enum":[3,5]}},"required":["minutes"],"additionalProperties":false}}}]
        """;

    [Fact]
    public async Task Required_IsACallThatFitsItsSchema()
    {
        var choice = await ChoiceAsync("""{"tool_choice":"required","parallel_tool_calls":false}""");
        Assert.Equal("tool_calls", choice.GetProperty("finish_reason").GetString());
        var call = Assert.Single(choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray()).GetProperty("function");
        Assert.Contains(call.GetProperty("name").GetString(), (string[])["weather", "timer"]);
    }

    [Fact]
    public async Task Named_IsACallOfThatTool()
    {
        var choice = await ChoiceAsync("""{"tool_choice":{"type":"function","function":{"name":"timer"}},"parallel_tool_calls":false}""");
        var call = Assert.Single(choice.GetProperty("message").GetProperty("tool_calls").EnumerateArray()).GetProperty("function");
        Assert.Equal("timer", call.GetProperty("name").GetString());
        Assert.Contains(JsonDocument.Parse(call.GetProperty("arguments").GetString()!).RootElement.GetProperty("minutes").GetInt32(), (int[])[3, 5]);
    }

    [Fact]
    public async Task Required_Streamed_SaysTheSameAsWhole()
    {
        var whole = await ChoiceAsync("""{"tool_choice":"required","parallel_tool_calls":false}""");
        var (_, stream) = await AskAsync("""{"tool_choice":"required","parallel_tool_calls":false,"stream":true}""");
        var calls = Chunks(stream).SelectMany(chunk => chunk.GetProperty("choices").EnumerateArray()).Select(choice => choice.GetProperty("delta"))
            .Where(delta => delta.TryGetProperty("tool_calls", out _)).SelectMany(delta => delta.GetProperty("tool_calls").EnumerateArray()).Select(call => call.GetProperty("function")).ToList();
        var function = whole.GetProperty("message").GetProperty("tool_calls")[0].GetProperty("function");
        Assert.Equal(function.GetProperty("arguments").GetString(), string.Concat(calls.Select(call => call.TryGetProperty("arguments", out var arguments) ? arguments.GetString() : "")));
        Assert.Contains("\"finish_reason\":\"tool_calls\"", stream);
        Assert.DoesNotContain("<tool_call>", stream);
    }

    [Fact]
    public async Task ResponseFormatWithTools_IsEitherACallOrTheFormat()
    {
        var choice = await ChoiceAsync("""{"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"enum":["yes","no"]}}},"parallel_tool_calls":false}""");
        bool called = choice.GetProperty("message").TryGetProperty("tool_calls", out _);
        if (!called) Assert.Contains(choice.GetProperty("message").GetProperty("content").GetString(), (string[])["\"yes\"", "\"no\""]);
        Assert.Equal(called ? "tool_calls" : "stop", choice.GetProperty("finish_reason").GetString());
    }

    [Theory]
    [InlineData("true", "auto", true)]
    [InlineData("true", "required", false)]
    [InlineData("false", "auto", false)]
    public async Task StrictTools_WhereTheyAreNotEnforced_AreSaidToBe(string strict, string choice, bool isSaid)
    {
        var (response, text) = await AskAsync($$"""{"max_tokens":40,"parallel_tool_calls":false,"tool_choice":"{{choice}}"}""", $"\"tools\":{Tools.Replace("\"name\":\"timer\"", $"\"name\":\"timer\",\"strict\":{strict}", StringComparison.Ordinal)},");
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Equal(isSaid, response.Headers.TryGetValues("x-countersign-warning", out var warnings) && warnings.Any(warning => warning.Contains("'strict' is not enforced", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task None_OffersNoTools()
    {
        var (without, _) = await UsageAsync("""{"max_tokens":1}""", tools: "");
        Assert.Equal(without, (await UsageAsync("""{"max_tokens":1,"tool_choice":"none"}""")).Prompt);
        Assert.True((await UsageAsync("""{"max_tokens":1}""")).Prompt > without);
    }

    private async Task<(int Prompt, int Completion)> UsageAsync(string fields, string? tools = null)
    {
        var (response, text) = await AskAsync(fields, tools);
        Assert.True(response.IsSuccessStatusCode, text);
        var usage = JsonDocument.Parse(text).RootElement.GetProperty("usage");
        return (usage.GetProperty("prompt_tokens").GetInt32(), usage.GetProperty("completion_tokens").GetInt32());
    }

    private async Task<JsonElement> ChoiceAsync(string fields)
    {
        var (response, text) = await AskAsync(fields);
        Assert.True(response.StatusCode == HttpStatusCode.OK, text);
        return JsonDocument.Parse(text).RootElement.GetProperty("choices")[0];
    }

    private Task<(HttpResponseMessage Response, string Text)> AskAsync(string fields, string? tools = null) => scene.PostAsync("/v1/chat/completions",
        $$"""{"model":"{{EngineScene.Chat}}","temperature":0,"messages":[{"role":"user","content":"What is the weather in Oslo for 3 days?"}],{{tools ?? $"\"tools\":{Tools},"}}""" + fields[1..]);

    private static IEnumerable<JsonElement> Chunks(string stream) =>
        stream.Split("\n\n").Where(frame => frame.StartsWith("data: {", StringComparison.Ordinal)).Select(frame => JsonDocument.Parse(frame["data: ".Length..]).RootElement);
}
