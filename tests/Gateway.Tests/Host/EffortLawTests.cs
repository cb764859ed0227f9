using System.Net;
using System.Text.Json.Nodes;

namespace Countersign.Gateway.Tests.Host;

/// <summary>The effort law: the response says what thinking was asked, applied, and clamped; a knob with no effect is reported.</summary>
public sealed class EffortLawTests
{
    private const string Deployments = """
          hybrid:   { provider: cheap, model: Qwen/Qwen3-32B }
          instruct: { provider: cheap, model: Qwen/Qwen3-30B-A3B-Instruct-2507 }
          thinking: { provider: cheap, model: Qwen/Qwen3-30B-A3B-Thinking-2507 }
          reasoner: { provider: cheap, model: Qwen/QwQ-32B }
          levels:   { provider: cheap, model: openai/gpt-oss-20b }
          stronger: { provider: strong, model: openai/gpt-oss-120b }
          llama:    { provider: cheap, model: meta-llama/Llama-3.1-8B-Instruct }
          renamed:  { provider: cheap, model: my-model, family: qwen3 }

        """;

    private const string Gated = Deployments + """
        routes:
          gated:  { draft: { deployment: levels }, validate: [ { contains: { all: [never-said] } } ], repair: { attempts: 1 }, escalate: { deployment: stronger } }
          quiet:  { draft: { deployment: levels, thinking: medium }, validate: [ { contains: { all: [never-said] } } ] }
          strict: { draft: { deployment: reasoner, thinking: off }, strict_thinking: true }
          lax:    { draft: { deployment: reasoner, thinking: off } }
        """;

    [Theory]
    [InlineData("hybrid", "\"reasoning_effort\":\"high\"", "asked=high applied=on clamped=true", """{"chat_template_kwargs":{"enable_thinking":true}}""")]
    [InlineData("hybrid", "\"reasoning\":{\"enabled\":false}", "asked=off applied=off clamped=false", """{"chat_template_kwargs":{"enable_thinking":false}}""")]
    [InlineData("renamed", "\"think\":false", "asked=off applied=off clamped=false", """{"chat_template_kwargs":{"enable_thinking":false}}""")]
    [InlineData("levels", "\"reasoning_effort\":\"none\"", "asked=off applied=low clamped=true", """{"reasoning_effort":"low"}""")]
    [InlineData("levels", "\"reasoning_effort\":\"low\"", "asked=low applied=low clamped=false", """{"reasoning_effort":"low"}""")]
    [InlineData("llama", "\"reasoning_effort\":\"high\"", "asked=high applied=off clamped=true", "{}")]
    [InlineData("reasoner", "\"reasoning_effort\":\"none\"", "asked=off applied=on clamped=true", "{}")]
    [InlineData("small", "\"reasoning_effort\":\"high\"", "asked=high applied=unknown clamped=false assumed=true", """{"reasoning_effort":"high"}""")]
    public async Task PlainRequest_ThatAsks_IsToldWhatWasApplied(string model, string knob, string said, string sent)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        foreach (string stream in (string[])["false", "true"])
        {
            using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","stream":{{stream}},"messages":[{"role":"user","content":"hi"}],{{knob}}}""");
            await response.Content.ReadAsStringAsync();
            Assert.Equal(said, Header(response));
            AssertSent(sent, scene);
            var attempt = (await scene.TraceOfAsync(response)).GetProperty("attempts")[0].GetProperty("thinking");
            Assert.StartsWith($"asked={attempt.GetProperty("asked")} applied={attempt.GetProperty("applied")}", said, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("small", "vllm", "asked=high applied=unknown clamped=false assumed=true", "is not known")] // a family that is not in the tables: as to OpenAI
    [InlineData("hybrid", "my-own", "asked=high applied=on clamped=true assumed=true", null)] // a server that is not: the nearest rule
    [InlineData("hybrid", null, "asked=high applied=on clamped=true assumed=true", null)]
    public async Task WhatIsNotInTheTables_IsAskedByTheNearestRule_AndSaidToBeAssumed(string model, string? server, string said, string? warning)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: server);
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"high"}""");
        Assert.Equal((HttpStatusCode.OK, said), (response.StatusCode, Header(response)));
        Assert.Equal(warning is not null, response.Headers.TryGetValues("x-countersign-warning", out var warnings) && warnings.Any(text => text.Contains(warning!, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task PlainRequest_ThatAsksNothing_IsForwardedUntouched()
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"levels",  "messages":[{"role":"user","content":"hi"}]}""");
        Assert.False(response.Headers.Contains("x-countersign-thinking"));
        Assert.Equal("""{"model":"openai/gpt-oss-20b",  "messages":[{"role":"user","content":"hi"}]}""", scene.Cheap.Requests.Single().Body);
    }

    [Theory]
    [InlineData("/v1/chat/completions", "hi", "\"reasoning_effort\":\"none\"", "asked=off applied=off clamped=false assumed=true", "hi /no_think")]
    [InlineData("/v1/chat/completions", "hi /no_think", "\"reasoning_effort\":\"none\"", "asked=off applied=off clamped=false assumed=true", "hi /no_think")]
    [InlineData("/v1/messages", "hi", "\"thinking\":{\"type\":\"disabled\"}", "asked=off applied=off clamped=false assumed=true", "hi /no_think")]
    [InlineData("/v1/chat/completions", "hi", "\"reasoning_effort\":\"high\"", "asked=high applied=on clamped=true assumed=true", "hi")]
    public async Task FamilyThatIsSwitchedByWords_IsToldSoInTheLastMessage(string path, string said, string knob, string header, string sent)
    {
        await using var scene = await GatewayScene.StartAsync("  pangu: { provider: cheap, model: openPangu-Embedded-7B-V1.1 }", server: "vllm");
        using var response = await scene.PostAsync(path, $$"""{"model":"pangu","max_tokens":99,"messages":[{"role":"user","content":"{{said}}"}],{{knob}}}""");
        Assert.Equal(header, Header(response));
        Assert.Equal(sent, (string?)JsonNode.Parse(scene.Cheap.Requests.Single().Body)!["messages"]![0]!["content"]);
        AssertSent("{}", scene);
    }

    [Fact]
    public async Task AnthropicsKnob_ReachesAnotherFamilyInItsOwnForm()
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        using var response = await scene.PostAsync("/v1/messages", """{"model":"hybrid","max_tokens":9000,"messages":[{"role":"user","content":"hi"}],"thinking":{"type":"enabled","budget_tokens":2048}}""");
        Assert.Equal("asked=2048 applied=2048 clamped=false", Header(response));
        AssertSent("""{"chat_template_kwargs":{"enable_thinking":true},"thinking_token_budget":2048}""", scene);
    }

    [Theory]
    [InlineData("instruct", "high", "Qwen/Qwen3-30B-A3B-Thinking-2507", "thinking")]
    [InlineData("thinking", "none", "Qwen/Qwen3-30B-A3B-Instruct-2507", "instruct")]
    public async Task FamilyThatSwitchesByModel_AsksTheSibling(string model, string effort, string asked, string deployment)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"{{effort}}"}""");
        Assert.EndsWith("switched=true", Header(response), StringComparison.Ordinal);
        Assert.Contains(asked, scene.Cheap.Requests.Single().Body, StringComparison.Ordinal);
        var attempt = (await scene.TraceOfAsync(response)).GetProperty("attempts")[0];
        Assert.Equal((deployment, model), (attempt.GetProperty("deployment").GetString(), attempt.GetProperty("thinking").GetProperty("in_place_of").GetString()));
    }

    [Fact]
    public async Task GatedRoute_ThinksLittleForDraftsAndMoreForWhatMendsThem()
    {
        await using var scene = await GatewayScene.StartAsync(Gated, server: "vllm");
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"gated","messages":[{"role":"user","content":"hi"}]}""");
        Assert.False(response.Headers.Contains("x-countersign-thinking")); // Nobody asked.
        var efforts = scene.Cheap.Requests.Concat(scene.Strong.Requests).Select(request => JsonNode.Parse(request.Body)!["reasoning_effort"]!.GetValue<string>());
        Assert.Equal(["low", "medium", "high"], efforts.Take(3));
        Assert.All((await scene.TraceOfAsync(response)).GetProperty("attempts").EnumerateArray(), attempt => Assert.True(attempt.GetProperty("thinking").GetProperty("default").GetBoolean()));
    }

    [Fact]
    public async Task Judge_ThinksMoreThanADraft()
    {
        await using var scene = await GatewayScene.StartAsync(Deployments + "routes: { judged: { draft: { deployment: levels }, validate: [ { judge: { deployment: stronger, rubric: 'Is it right?' } } ] } }", server: "vllm");
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"judged","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal(("low", "medium"), ((string?)JsonNode.Parse(scene.Cheap.Requests.First().Body)!["reasoning_effort"], (string?)JsonNode.Parse(scene.Strong.Requests.First().Body)!["reasoning_effort"]));
    }

    [Fact]
    public async Task GatedRoute_OnAServerThatIsNotDocumented_AsksNothingOfItsOwn()
    {
        await using var scene = await GatewayScene.StartAsync(Gated, server: "my-own");
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"gated","messages":[{"role":"user","content":"hi"}]}""");
        Assert.All(scene.Cheap.Requests, request => Assert.DoesNotContain("reasoning_effort", request.Body, StringComparison.Ordinal));
    }

    [Fact]
    public async Task StageOfARoute_AsksForItsOwn()
    {
        await using var scene = await GatewayScene.StartAsync(Gated, server: "vllm");
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"quiet","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"high"}""");
        Assert.Equal("asked=medium applied=medium clamped=false", Header(response));
    }

    [Fact]
    public async Task StrictRoute_RefusesWhatTheModelCannotDo()
    {
        await using var scene = await GatewayScene.StartAsync(Gated, server: "vllm");
        using var refused = await scene.PostAsync("/v1/chat/completions", """{"model":"strict","messages":[{"role":"user","content":"hi"}]}""");
        var error = (await GatewayScene.JsonOfAsync(refused)).GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, "thinking_not_possible", "thinking"), (refused.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("param").GetString()));
        Assert.Empty(scene.Cheap.Requests);

        using var reported = await scene.PostAsync("/v1/chat/completions", """{"model":"lax","messages":[{"role":"user","content":"hi"}]}""");
        Assert.Equal((HttpStatusCode.OK, "asked=off applied=on clamped=true"), (reported.StatusCode, Header(reported)));
        Assert.Contains("qwq always thinks", reported.Headers.GetValues("x-countersign-warning").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hybrid", "\"reasoning_effort\":\"high\",\"enable_thinking\":false", "enable_thinking", "contradicts")]
    [InlineData("hybrid", "\"thinking_budget\":40000", "thinking", "38912 at most")]
    public async Task WrongKnobs_AreRefusedByName(string model, string knobs, string param, string says)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, server: "vllm");
        using var response = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{model}}","messages":[{"role":"user","content":"hi"}],{{knobs}}}""");
        var error = (await GatewayScene.JsonOfAsync(response)).GetProperty("error");
        Assert.Equal((HttpStatusCode.BadRequest, param), (response.StatusCode, error.GetProperty("param").GetString()));
        Assert.Contains(says, error.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Obstacle_InTheRestOfTheRequest_IsToldOf()
    {
        await using var scene = await GatewayScene.StartAsync("  claude: { provider: cheap, model: claude-sonnet-5 }", api: "anthropic");
        using var response = await scene.PostAsync("/v1/chat/completions", """
            {"model":"claude","messages":[{"role":"user","content":"hi"}],"reasoning_effort":"high","tool_choice":"required","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]}
            """);
        Assert.Equal("asked=high applied=off clamped=true", Header(response));
        Assert.Contains(response.Headers.GetValues("x-countersign-warning"), warning => warning.Contains("a tool is forced", StringComparison.Ordinal));
        Assert.Equal("disabled", (string?)JsonNode.Parse(scene.Cheap.Requests.Single().Body)!["thinking"]!["type"]);
    }

    private static string Header(HttpResponseMessage response) => response.Headers.GetValues("x-countersign-thinking").Single();

    /// <summary>Of the fields that may say something of thinking, the upstream got just these.</summary>
    private static void AssertSent(string fields, GatewayScene scene)
    {
        var sent = JsonNode.Parse(scene.Cheap.Requests.Last().Body)!.AsObject();
        foreach (string other in (string[])["model", "messages", "stream", "stream_options", "max_tokens"]) sent.Remove(other);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(fields), sent), sent.ToJsonString());
    }
}
