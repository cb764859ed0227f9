using System.Net;
using System.Text.Json;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>The law of no silent loss: a field of a request reaches the upstream, or the client is told by a refusal or a warning header.</summary>
public sealed class NoSilentLossTests
{
    private const string Chat = """{"model":"small","messages":[{"role":"user","content":"hi"}]""";
    private const string Messages = """{"model":"small","max_tokens":50,"messages":[{"role":"user","content":"hi"}]""";
    private const string Responses = """{"model":"small","input":"hi" """;

    /// <summary>A field with a value that changes something, and what an upstream of another API would call it.</summary>
    public static TheoryData<string, string, string, string, string[]> Fields
    {
        get
        {
            var data = new TheoryData<string, string, string, string, string[]>();
            (string Name, string Value, string[] Carried)[] chat =
            [
                ("temperature", "0.25", ["0.25"]), ("top_p", "0.75", ["0.75"]), ("max_tokens", "77", ["77"]), ("stop", "[\"STOP-HERE\"]", ["STOP-HERE"]), ("seed", "42", ["42"]),
                ("n", "2", ["\"n\":2"]), ("logprobs", "true", ["logprobs"]), ("logit_bias", "{\"50256\":-100}", ["50256"]), ("frequency_penalty", "0.5", ["frequency_penalty"]),
                ("presence_penalty", "0.5", ["presence_penalty"]), ("user", "\"user-77\"", ["user-77"]), ("parallel_tool_calls", "false,\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}]", ["parallel_tool_calls", "disable_parallel_tool_use"]),
                ("response_format", "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":{\"type\":\"object\",\"title\":\"THE-SCHEMA\"}}}", ["THE-SCHEMA"]),
                ("reasoning_effort", "\"high\"", ["high", "budget_tokens"]), ("service_tier", "\"flex\"", ["flex"]), ("metadata", "{\"k\":\"meta-77\"}", ["meta-77"]),
                ("chat_template_kwargs", "{\"enable_thinking\":false}", ["enable_thinking", "thinking"]), ("top_k", "17", ["17"]), ("made_up_field", "\"made-up-77\"", ["made-up-77"]),
            ];
            foreach (string upstream in (string[])["openai", "anthropic"])
            {
                foreach (var (name, value, carried) in chat) data.Add("/v1/chat/completions", upstream, $"{Chat},\"{name}\":{value}}}", name, carried);
                data.Add("/v1/messages", upstream, Messages + ",\"top_k\":17}", "top_k", ["17"]);
                data.Add("/v1/messages", upstream, Messages + ",\"stop_sequences\":[\"STOP-HERE\"]}", "stop_sequences", ["STOP-HERE"]);
                data.Add("/v1/messages", upstream, Messages + ",\"system\":\"SYSTEM-77\"}", "system", ["SYSTEM-77"]);
                data.Add("/v1/messages", upstream, Messages + ",\"metadata\":{\"user_id\":\"user-77\"}}", "metadata", ["user-77"]);
                data.Add("/v1/messages", upstream, Messages + ",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2048}}", "thinking", ["2048", "reasoning_effort"]);
                data.Add("/v1/messages", upstream, Messages + ",\"made_up_field\":\"made-up-77\"}", "made_up_field", ["made-up-77"]);
                data.Add("/v1/messages", upstream, """{"model":"small","max_tokens":50,"messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}]}""", "cache_control", ["cache_control"]);
                data.Add("/v1/chat/completions", upstream, """{"model":"small","messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{"type":"ephemeral"}}]}]}""", "cache_control", ["cache_control"]);
                data.Add("/v1/responses", upstream, Responses + ",\"instructions\":\"SYSTEM-77\"}", "instructions", ["SYSTEM-77"]);
                data.Add("/v1/responses", upstream, Responses + ",\"max_output_tokens\":77}", "max_output_tokens", ["77"]);
                data.Add("/v1/responses", upstream, Responses + ",\"previous_response_id\":\"resp_77\"}", "previous_response_id", ["resp_77"]);
                data.Add("/v1/responses", upstream, Responses + ",\"truncation\":\"auto\"}", "truncation", ["\"auto\""]);
                data.Add("/v1/responses", upstream, Responses + ",\"made_up_field\":\"made-up-77\"}", "made_up_field", ["made-up-77"]);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Fields))]
    public async Task Field_IsCarriedRefusedOrNamedInAWarning(string path, string upstream, string body, string name, string[] carriedAs)
    {
        await using var scene = await GatewayScene.StartAsync(api: upstream);
        using var response = await scene.PostAsync(path, body);
        string answer = await response.Content.ReadAsStringAsync();

        bool isRefused = response.StatusCode == HttpStatusCode.BadRequest && answer.Contains(name, StringComparison.Ordinal);
        bool isNamed = response.Headers.TryGetValues("x-countersign-warning", out var warnings) && warnings.Any(warning => warning.Contains(name, StringComparison.Ordinal));
        bool isCarried = scene.Cheap.Requests.TryPeek(out var asked) && carriedAs.Any(text => asked.Body.Contains(text, StringComparison.Ordinal));
        Assert.True(isRefused || isNamed || isCarried, $"{name} was lost without a word: {(int)response.StatusCode} {answer}; asked: {asked?.Body}");
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("anthropic")]
    public async Task GatedRoute_LosesNothingEither(string upstream)
    {
        await using var scene = await GatewayScene.StartAsync("routes: { gated: { draft: { deployment: small, samples: 2 }, agree: { need: 2, by: exact } } }", upstream);
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"gated","messages":[{"role":"user","content":"hi"}],"made_up_field":"made-up-77"}""");
        bool isNamed = response.Headers.TryGetValues("x-countersign-warning", out var warnings) && warnings.Any(warning => warning.Contains("made_up_field", StringComparison.Ordinal));
        Assert.Equal("gated", response.Headers.GetValues("x-countersign-route").Single());
        Assert.True(isNamed || response.StatusCode == HttpStatusCode.BadRequest || scene.Cheap.Requests.All(asked => asked.Body.Contains("made-up-77", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("openai", "/v1/chat/completions", "\"modalities\":[\"text\",\"audio\"]", 400, null)]
    [InlineData("openai", "/v1/chat/completions", "\"web_search_options\":{}", 200, "web_search_options")]
    [InlineData("anthropic", "/v1/messages", "\"max_tokens\":9,\"tools\":[{\"type\":\"web_search_20250305\",\"name\":\"web_search\"}]", 200, "web_search")]
    public async Task GatedRoute_OutputThatItDoesNotPassOn_IsRefusedOrNamed(string api, string path, string fields, int status, string? named)
    {
        await using var scene = await GatewayScene.StartAsync("routes: { gated: { draft: { deployment: small }, validate: [ { contains: { all: [Hello] } } ], escalate: { deployment: large } } }", api);
        using var direct = await scene.PostAsync(path, $$"""{"model":"small","messages":[{"role":"user","content":"hi"}],{{fields}}}""");
        Assert.Equal(200, (int)direct.StatusCode);
        Assert.False(direct.Headers.Contains("x-countersign-warning"));
        using var gated = await scene.PostAsync(path, $$"""{"model":"gated","messages":[{"role":"user","content":"hi"}],{{fields}}}""");
        Assert.Equal(status, (int)gated.StatusCode);
        if (named is not null) Assert.Contains(named, gated.Headers.GetValues("x-countersign-warning").Single(), StringComparison.Ordinal);
        Assert.Equal(status == 200 ? 2 : 1, scene.Cheap.Requests.Count);
    }

    [Fact]
    public async Task Warning_AfterTheHeadWasSent_StandsInTheClosingComment()
    {
        await using var scene = await GatewayScene.StartAsync("routes: { gated: { draft: { deployment: small }, validate: [ { contains: { all: [Rome] } } ], escalate: { deployment: large, trusted: true } } }", strongApi: "anthropic");
        scene.Cheap.Then(async context =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(800), TimeProvider.System, context.RequestAborted); // Four keep-alives long.
            await Script.Answer()(context);
        });
        using var response = await scene.PostAsync("/v1/chat/completions", """{"model":"gated","messages":[{"role":"user","content":"hi"}],"seed":7,"stream":true}""");
        string stream = await response.Content.ReadAsStringAsync();

        Assert.StartsWith(": keep-alive", stream, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("x-countersign-warning"));
        string comment = stream.Split('\n').Single(line => line.StartsWith(": countersign ", StringComparison.Ordinal))[": countersign ".Length..];
        Assert.Contains("seed:", JsonDocument.Parse(comment).RootElement.GetProperty("warnings").EnumerateArray().Select(warning => warning.GetString()!.Split(' ')[0]));
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("2023-06-01", false)]
    [InlineData("2031-01-01", true)]
    public async Task VersionHeader_IsNotNeededAndNamedWhereItIsNotFollowed(string? version, bool isNamed)
    {
        await using var scene = await GatewayScene.StartAsync(api: "anthropic");
        if (version is not null) scene.Client.DefaultRequestHeaders.Add("anthropic-version", version);
        using var response = await scene.PostAsync("/v1/messages", """{"model":"small","max_tokens":99,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("2023-06-01", scene.Cheap.Requests.Single().Headers["anthropic-version"]);
        Assert.Equal(isNamed, response.Headers.TryGetValues("x-countersign-warning", out var warnings) && warnings.Any(warning => warning.Contains("2031-01-01", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("anthropic", "small", true)]
    [InlineData("anthropic", "gated", true)]
    [InlineData("openai", "small", false)]
    public async Task BetaHeader_IsCarriedToItsOwnApiAndNamedAtAnother(string upstream, string model, bool isCarried)
    {
        await using var scene = await GatewayScene.StartAsync("routes: { gated: { draft: { deployment: small, samples: 2 }, agree: { need: 2, by: exact } } }", upstream);
        scene.Client.DefaultRequestHeaders.Add("anthropic-beta", "files-api-2025-04-14");
        using var response = await scene.PostAsync("/v1/messages", $$"""{"model":"{{model}}","max_tokens":99,"messages":[{"role":"user","content":"hi"}]}""");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.All(scene.Cheap.Requests, asked => Assert.Equal(isCarried ? "files-api-2025-04-14" : null, asked.Headers.GetValueOrDefault("anthropic-beta")));
        bool isNamed = response.Headers.TryGetValues("x-countersign-warning", out var warnings) && warnings.Any(warning => warning.Contains("files-api-2025-04-14", StringComparison.Ordinal));
        Assert.Equal(!isCarried, isNamed);
    }
}
