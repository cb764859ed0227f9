using System.Net;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Tools, their calls and results, and thinking knobs that cannot be right: refused in the shape of the caller's API, whichever API the upstream speaks, and nothing is asked.</summary>
public sealed class BadToolInputTests
{
    private const string Chat = "/v1/chat/completions", Messages = "/v1/messages", Responses = "/v1/responses";

    private const string Talk = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]", Input = "\"input\":\"hi\"";

    public static TheoryData<string, string, string> Wrong() => new()
    {
        // Two tools of one name.
        { Chat, Talk + """,  "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}},{"type":"function","function":{"name":"f"}}]""", "tools" },
        { Messages, Talk + ""","tools":[{"name":"f","input_schema":{"type":"object"}},{"name":"f","input_schema":{"type":"object"}}]""", "tools" },
        { Responses, Input + ""","tools":[{"type":"function","name":"f","parameters":{"type":"object"}},{"type":"function","name":"f","parameters":{"type":"object"}}]""", "tools" },

        // Schemas that are none.
        { Chat, Talk + ""","tools":[{"type":"function","function":{"name":"f","parameters":"x"}}]""", "tools[0].function.parameters" },
        { Messages, Talk + ""","tools":[{"name":"f","input_schema":[]}]""", "tools[0].input_schema" },
        { Responses, Input + ""","tools":[{"type":"function","name":"f","parameters":7}]""", "tools[0].parameters" },
        { Chat, Talk + ""","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"objekt"}}}]""", "tools[0].function.parameters" },
        { Messages, Talk + ""","tools":[{"name":"f","input_schema":{"type":"object","properties":{"a":{"type":"strnig"}}}}]""", "tools[0].input_schema" },
        { Responses, Input + ""","tools":[{"type":"function","name":"f","parameters":{"type":"object","required":"a"}}]""", "tools[0].parameters" },

        // Results of calls that nobody made.
        { Chat, """ "messages":[{"role":"user","content":"hi"},{"role":"tool","tool_call_id":"c1","content":"ok"}]""", "messages[1].tool_call_id" },
        { Messages, """ "messages":[{"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"ok"}]}]""", "messages[0].content[0].tool_use_id" },
        { Responses, """ "input":[{"role":"user","content":"hi"},{"type":"function_call_output","call_id":"c1","output":"ok"}]""", "input[1].call_id" },

        // A choice of what is not there.
        { Chat, Talk + ""","tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"function","function":{"name":"g"}}""", "tool_choice" },
        { Messages, Talk + ""","tools":[{"name":"f","input_schema":{"type":"object"}}],"tool_choice":{"type":"tool","name":"g"}""", "tool_choice" },
        { Responses, Input + ""","tools":[{"type":"function","name":"f","parameters":{"type":"object"}}],"tool_choice":{"type":"function","name":"g"}""", "tool_choice" },

        // Knobs that contradict each other.
        { Chat, Talk + ""","reasoning_effort":"none","thinking":{"type":"enabled","budget_tokens":2048}""", "thinking" },
        { Chat, Talk + ""","thinking_budget":4000,"reasoning":{"max_tokens":5000}""", "" },
        { Messages, Talk + ""","thinking":{"type":"enabled"}""", "thinking.budget_tokens" },
    };

    [Theory]
    [InlineData(Chat, "\"thinking_budget\":40000")]
    [InlineData(Messages, "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":40000}")]
    public async Task BudgetBeyondWhatTheModelTakes_IsRefusedWithTheMost(string path, string knob)
    {
        await using var scene = await GatewayScene.StartAsync("  qwen: { provider: cheap, model: Qwen/Qwen3-32B }", server: "vllm");
        using var response = await scene.PostAsync(path, $$"""{"model":"qwen","max_tokens":50000,{{Talk}},{{knob}}}""");
        string body = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("38912 at most", body, StringComparison.Ordinal);
        Assert.Equal(path == Chat, body.Contains("\"param\":\"thinking\"", StringComparison.Ordinal));
        Assert.Empty(scene.Cheap.Requests);
    }

    /// <summary>What refers to something stored may have its calls there.</summary>
    [Theory]
    [InlineData("\"previous_response_id\":\"resp_1\",\"input\":[{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"ok\"}]")]
    [InlineData("\"input\":[{\"type\":\"item_reference\",\"id\":\"fc_1\"},{\"type\":\"function_call_output\",\"call_id\":\"c1\",\"output\":\"ok\"}]")]
    [InlineData("\"input\":[{\"call_id\":\"c1\",\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"{}\"},{\"call_id\":\"c1\",\"output\":\"ok\",\"type\":\"function_call_output\"}]")]
    public async Task ResultOfACallThatMayBeKnownElsewhere_IsPassedOn(string fields)
    {
        await using var scene = await GatewayScene.StartAsync(api: "openai_responses");
        using var response = await scene.PostAsync(Responses, $$"""{"model":"small",{{fields}}}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task RightTools_AreTakenAgainAndAgain_InEveryDialectOfSchemas()
    {
        await using var scene = await GatewayScene.StartAsync();
        foreach (string schema in (string[])["""{"type":"object","properties":{"a":{"type":"string","enum":["x"]}},"required":["a"]}""", """{"type":"dict","properties":{"a":{"type":"float"},"b":{"type":"any"}}}""", """{"$ref":"#/$defs/a","$defs":{"a":{"type":"object"}}}""", "{}"])
        {
            for (int turn = 0; turn < 2; turn++)
            {
                using var response = await scene.PostAsync(Chat, $$$"""{"model":"small",{{{Talk}}},"tools":[{"type":"function","function":{"name":"f","parameters":{{{schema}}}}}],"tool_choice":"auto"}""");
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            }
        }
    }

    [Theory, MemberData(nameof(Wrong))]
    public async Task WhatCannotBeRight_IsRefusedInTheApisShapeAndNothingIsAsked(string path, string fields, string param)
    {
        foreach (string api in (string[])["openai", "openai_responses", "anthropic"])
        {
            await using var scene = await GatewayScene.StartAsync("  qwen: { provider: cheap, model: Qwen/Qwen3-32B }", api, server: api == "openai" ? "vllm" : null);
            using var response = await scene.PostAsync(path, $$"""{"model":"qwen","max_{{(path == Responses ? "output_" : "")}}tokens":50000,{{fields}}}""");
            var body = await GatewayScene.JsonOfAsync(response);
            Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{api}: {(int)response.StatusCode} {body}");
            var error = body.GetProperty("error");
            Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
            Assert.NotEmpty(error.GetProperty("message").GetString()!);
            Assert.Equal(path == Messages, body.TryGetProperty("type", out _));
            if (path != Messages) Assert.StartsWith(param, error.GetProperty("param").GetString(), StringComparison.Ordinal);
            Assert.Empty(scene.Cheap.Requests);
        }
    }
}
