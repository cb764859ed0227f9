using System.Text.Json;
using System.Text.Json.Nodes;
using Countersign.Gateway.Tests.Upstreams;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Prompt caching over the whole gateway: what reaches each kind of upstream, and what is said of it.</summary>
public sealed class PromptCachingTests
{
    private const string Mark = """{"type":"ephemeral"}""";

    private const string Deployments = """
          claude:   { provider: cheap, model: claude-sonnet-5, price: { input: 3, output: 15, cached_input: 0.3, cache_write: 3.75 }, retry: { attempts: 0 } }
          unpriced: { provider: cheap, model: claude-sonnet-5, price: { input: 3, output: 15 } }
          unmarked: { provider: cheap, model: claude-sonnet-5, prompt_cache: off }

        """;

    private const string Gated = Deployments + """
        routes:
          mended: { draft: { deployment: claude }, validate: [ { contains: { all: [never-said] } } ], repair: { attempts: 1 }, escalate: { deployment: unpriced } }
          twice:  { draft: { deployment: claude, samples: 2, temperature: 1 }, agree: { need: 2, by: exact } }
        """;

    private static readonly string Long = string.Concat(Enumerable.Repeat("words ", 1000));

    private static string Chat(string model, string more = "") => $$"""{"model":"{{model}}","messages":[{"role":"system","content":"{{Long}}"},{"role":"user","content":"hi"}{{more}}]}""";

    private static string Messages(string model, string more = "") => $$"""{"model":"{{model}}","max_tokens":50,"system":"{{Long}}","messages":[{"role":"user","content":"hi"}{{more}}]}""";

    [Theory]
    [InlineData("/v1/messages", "false")]
    [InlineData("/v1/messages", "true")]
    [InlineData("/v1/chat/completions", "false")]
    [InlineData("/v1/chat/completions", "true")]
    public async Task Anthropic_LongSystemPrompt_IsMarkedOnceAndTheTraceSaysSo(string path, string stream)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, "anthropic");
        string body = path == "/v1/messages" ? Messages("claude") : Chat("claude");
        using var response = await scene.PostAsync(path, $$"""{{{body[1..^1]}},"stream":{{stream}}}""");
        await response.Content.ReadAsStringAsync();

        var sent = SentTo(scene.Cheap);
        Assert.Equal(Mark, sent["system"]![0]!["cache_control"]!.ToJsonString());
        Assert.Equal(1, Count(sent));
        Assert.Equal("hi", (string?)(sent["messages"]![0]!["content"] is JsonArray blocks ? blocks[0]!["text"] : sent["messages"]![0]!["content"]));
        var cache = (await scene.TraceOfAsync(response)).GetProperty("attempts")[0].GetProperty("prompt_cache");
        Assert.Equal(["system"], cache.GetProperty("marked").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal(200 * 2.7m / 1_000_000, cache.GetProperty("saved_usd").GetDecimal()); // 200 tokens read at 0.3 in place of 3.
        Assert.DoesNotContain(response.Headers, header => header.Key == "x-countersign-warning" && header.Value.Any(line => line.Contains("cache", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Anthropic_Conversation_IsMarkedWhereItEnds()
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, "anthropic");
        using var response = await scene.PostAsync("/v1/messages", Messages("claude", """,{"role":"assistant","content":"b"},{"role":"user","content":[{"type":"text","text":"c"}]}"""));
        var sent = SentTo(scene.Cheap);
        Assert.Equal(3, Count(sent));
        Assert.Equal(Mark, sent["messages"]![0]!["content"]![0]!["cache_control"]!.ToJsonString());
        Assert.Equal(Mark, sent["messages"]![2]!["content"]![0]!["cache_control"]!.ToJsonString());
    }

    [Fact]
    public async Task Anthropic_WritingIsCharged_AndSavesLessThanNothing()
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, "anthropic");
        scene.Cheap.Then(Script.Raw("application/json", """{"id":"m","type":"message","role":"assistant","model":"claude-sonnet-5","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","usage":{"input_tokens":10,"cache_read_input_tokens":0,"cache_creation_input_tokens":1000,"output_tokens":0}}"""));
        using var priced = await scene.PostAsync("/v1/messages", Messages("claude"));
        var attempt = (await scene.TraceOfAsync(priced)).GetProperty("attempts")[0];
        Assert.Equal(-0.00075m, attempt.GetProperty("prompt_cache").GetProperty("saved_usd").GetDecimal());
        Assert.Equal(0.00378m, attempt.GetProperty("cost").GetProperty("usd").GetDecimal());
        Assert.Equal(1000, attempt.GetProperty("usage").GetProperty("cache_write_tokens").GetInt32());

        using var unpriced = await scene.PostAsync("/v1/messages", Messages("unpriced"));
        Assert.False((await scene.TraceOfAsync(unpriced)).GetProperty("attempts")[0].GetProperty("prompt_cache").TryGetProperty("saved_usd", out _));
    }

    [Fact]
    public async Task Anthropic_CallersOwnMarks_ReachItAsTheyAre()
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, "anthropic");
        string body = $$"""{ "model":"claude", "max_tokens":50,"system":[{"type":"text","text":"{{Long}}","cache_control":{"type":"ephemeral","ttl":"1h"} }],"messages":[{"role":"user","content":"{{Long}}"}] }""";
        using var response = await scene.PostAsync("/v1/messages", body);
        Assert.Equal(body.Replace("\"claude\"", "\"claude-sonnet-5\"", StringComparison.Ordinal), scene.Cheap.Requests.Single().Body);
        Assert.Empty((await scene.TraceOfAsync(response)).GetProperty("attempts")[0].GetProperty("prompt_cache").GetProperty("marked").EnumerateArray());
    }

    [Theory]
    [InlineData("unmarked", "/v1/messages")]
    [InlineData("unmarked", "/v1/chat/completions")]
    [InlineData("claude", "/v1/messages", "vllm")]
    public async Task SwitchedOff_OrAServerThatKeepsPromptsByItself_GetsNoMark(string model, string path, string? server = null)
    {
        await using var scene = await GatewayScene.StartAsync(Deployments, "anthropic", server);
        using var response = await scene.PostAsync(path, path == "/v1/messages" ? Messages(model) : Chat(model));
        Assert.Equal(0, Count(SentTo(scene.Cheap)));
    }

    [Theory]
    [InlineData("openai")]
    [InlineData("gemini")]
    public async Task CallersMarks_BetweenApis_AreNamedInAWarning(string api)
    {
        await using var scene = await GatewayScene.StartAsync("", api);
        using var response = await scene.PostAsync("/v1/messages", $$"""{"model":"small","max_tokens":50,"messages":[{"role":"user","content":[{"type":"text","text":"hi","cache_control":{{Mark}}}]}]}""");
        Assert.Contains(response.Headers.GetValues("x-countersign-warning"), line => line.StartsWith("cache_control: ", StringComparison.Ordinal) && line.Contains("`small`", StringComparison.Ordinal));
        Assert.Equal(0, Count(SentTo(scene.Cheap)));
    }

    [Fact]
    public async Task OpenAi_GetsOneKeyForOnePrefixOfOneCaller()
    {
        const string Callers = """
            callers:
              ann: { key: ann-ann-ann-ann-ann }
              bob: { key: bob-bob-bob-bob-bob }
            """;
        await using var scene = await GatewayScene.StartAsync(Callers, server: "openai");
        await AskAsync("ann", Chat("small"));
        await AskAsync("ann", Chat("small", ",{\"role\":\"assistant\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"c\"}"));
        await AskAsync("bob", Chat("small"));
        await AskAsync("ann", Chat("small").Replace("words", "other", StringComparison.Ordinal));
        await AskAsync("ann", Chat("small").Replace("\"model\"", "\"prompt_cache_key\":\"mine\",\"model\"", StringComparison.Ordinal));
        await AskAsync("ann", """{"model":"small","messages":[{"role":"user","content":"short"}]}""");

        string?[] keys = [.. scene.Cheap.Requests.Select(asked => (string?)JsonNode.Parse(asked.Body)!["prompt_cache_key"])];
        Assert.Matches("^countersign-[0-9a-f]{32}$", keys[0]);
        Assert.Equal(keys[0], keys[1]);
        Assert.NotEqual(keys[0], keys[2]);
        Assert.NotEqual(keys[0], keys[3]);
        Assert.Equal(("mine", null), (keys[4], keys[5]));

        async Task AskAsync(string caller, string body)
        {
            scene.Client.DefaultRequestHeaders.Authorization = new("Bearer", string.Join('-', Enumerable.Repeat(caller, 5)));
            using var response = await scene.PostAsync("/v1/chat/completions", body);
            Assert.True(response.IsSuccessStatusCode);
        }
    }

    [Theory]
    [InlineData("openai", "vllm")]
    [InlineData("openai", "deepseek")]
    [InlineData("openai", null)]
    [InlineData("gemini", null)]
    public async Task ServerThatKeepsPromptsByItself_GetsNeitherMarkNorKey(string api, string? server)
    {
        await using var scene = await GatewayScene.StartAsync("", api, server);
        using var response = await scene.PostAsync("/v1/chat/completions", Chat("small"));
        Assert.True(response.IsSuccessStatusCode);
        Assert.Equal(0, Count(SentTo(scene.Cheap)));
        Assert.DoesNotContain("prompt_cache_key", scene.Cheap.Requests.Single().Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Alibaba_GetsCacheControlOnParts()
    {
        await using var scene = await GatewayScene.StartAsync("  qwen: { provider: cheap, model: qwen3-max }", server: "alibaba");
        using var response = await scene.PostAsync("/v1/chat/completions", Chat("qwen"));
        var content = SentTo(scene.Cheap)["messages"]![0]!["content"]![0]!;
        Assert.Equal((Long, Mark), ((string?)content["text"], content["cache_control"]!.ToJsonString()));
    }

    [Theory]
    [InlineData("openai", "/v1/chat/completions", "messages")]
    [InlineData("openai_responses", "/v1/chat/completions", "input")]
    public async Task OpenAi_FromGpt56On_GetsABreakpointAfterTheInstructions(string api, string path, string field)
    {
        await using var scene = await GatewayScene.StartAsync("  gpt: { provider: cheap, model: gpt-5.6 }", api, "openai");
        using var response = await scene.PostAsync(path, Chat("gpt"));
        var sent = SentTo(scene.Cheap);
        Assert.Equal("""{"mode":"explicit"}""", sent[field]![0]!["content"]![0]!["prompt_cache_breakpoint"]!.ToJsonString());
        Assert.NotNull(sent["prompt_cache_key"]);
    }

    [Fact]
    public async Task Repair_BeginsWithTheBytesOfItsDraft()
    {
        await using var scene = await GatewayScene.StartAsync(Gated, "anthropic");
        string more = ",{\"role\":\"assistant\",\"content\":\"b\"},{\"role\":\"user\",\"content\":\"c\"}";
        using var response = await scene.PostAsync("/v1/chat/completions", Chat("mended", more));
        string[] sent = [.. scene.Cheap.Requests.Select(asked => asked.Body)];
        Assert.Equal(4, sent.Length); // Draft, repair, escalation, its repair.
        Assert.Equal(Raw(sent[0], "system"), Raw(sent[1], "system"));
        Assert.StartsWith(Raw(sent[0], "messages")[..^1], Raw(sent[1], "messages"), StringComparison.Ordinal);
        Assert.Equal(Count(JsonNode.Parse(sent[0])!), Count(JsonNode.Parse(sent[1])!));
        Assert.Equal(Raw(sent[0], "messages"), Raw(sent[2], "messages")); // The escalation is asked what the draft was asked.

        var attempt = (await GatewayScene.JsonOfAsync(response)).GetProperty("countersign").GetProperty("attempts")[0];
        Assert.Equal((200, 0.00054m), (attempt.GetProperty("cached_input_tokens").GetInt32(), attempt.GetProperty("cache_saved_usd").GetDecimal()));
    }

    [Fact]
    public async Task Samples_OfAFirstQuestion_ShareAllOfIt()
    {
        await using var scene = await GatewayScene.StartAsync(Gated, "anthropic");
        using var response = await scene.PostAsync("/v1/chat/completions", Chat("twice"));
        string[] sent = [.. scene.Cheap.Requests.Select(asked => asked.Body)];
        Assert.Equal(2, sent.Length);
        Assert.Equal(sent[0], sent[1]);
        Assert.Equal(Mark, JsonNode.Parse(sent[0])!["messages"]![0]!["content"]![0]!["cache_control"]!.ToJsonString());
    }

    private static JsonNode SentTo(FakeUpstream upstream) => JsonNode.Parse(upstream.Requests.Single().Body)!;

    private static string Raw(string body, string field) => JsonElement.Parse(body).GetProperty(field).GetRawText();

    private static int Count(JsonNode sent)
    {
        string text = sent.ToJsonString();
        return text.Split("\"cache_control\"").Length - 1 + text.Split("\"prompt_cache_breakpoint\"").Length - 1;
    }
}
