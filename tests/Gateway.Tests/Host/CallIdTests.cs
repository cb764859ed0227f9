using System.Text.Json.Nodes;
using Countersign.Gateway.Tests.Ledger;
using Countersign.Gateway.Tests.Upstreams;
using Countersign.Tests;

namespace Countersign.Gateway.Tests.Host;

/// <summary>A tool loop of two turns through the whole gateway: the id that a client holds and the one that a model sees name the same call.</summary>
public sealed class CallIdTests
{
    private const string Tools = """[{"type":"function","function":{"name":"look","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]""";

    /// <summary>Refuses other ids as Mistral's does.</summary>
    private const string Mistrals = """
        {%- for m in messages -%}
        {%- if m.tool_calls -%}{%- for c in m.tool_calls -%}{%- if c.id|length != 9 -%}{{- raise_exception('nine!') -}}{%- endif -%}{{- '[TOOL_CALLS]' + c.function.name + '[CALL_ID]' + c.id + '[ARGS]' + c.function.arguments|tojson -}}{%- endfor -%}
        {%- elif m.role == 'tool' -%}{%- if m.tool_call_id|length != 9 -%}{{- raise_exception('nine!') -}}{%- endif -%}{{- '[TOOL_RESULTS]' + m.tool_call_id + '[TOOL_CONTENT]' + m.content -}}
        {%- else -%}{{- '[INST]' + m.content -}}{%- endif -%}{%- endfor -%}{%- if tools -%}{{- '' -}}{%- endif -%}
        """;

    private const string Kimis = """
        {%- for m in messages -%}{%- if m.tool_calls -%}{%- for c in m.tool_calls -%}{{- '<|tool_call_begin|>' + c.id + '<|tool_call_argument_begin|>' + c.function.arguments|tojson -}}{%- endfor -%}
        {%- elif m.role == 'tool' -%}{{- '## Return of ' + m.tool_call_id + '\n' + m.content -}}{%- else -%}{{- m.content -}}{%- endif -%}{%- endfor -%}{%- if tools -%}{{- '' -}}{%- endif -%}
        """;

    [Theory]
    [InlineData("[TOOL_CALLS]look{\\\"city\\\": \\\"Oslo\\\"}", null)] // none is written: it is made
    [InlineData("[TOOL_CALLS]look[CALL_ID]abcDEF123[ARGS]{\\\"city\\\": \\\"Oslo\\\"}", "abcDEF123")]
    public Task Mistral_AsTextUpstream_GetsBackTheIdThatTheClientWasGiven(string written, string? id) => LoopAsync("mistral-small", Mistrals, written, id, given => ($"[CALL_ID]{given}[ARGS]", $"[TOOL_RESULTS]{given}[TOOL_CONTENT]ok"));

    [Fact]
    public async Task Mistral_ByItsOwnTemplate_GetsBackTheIdThatTheClientWasGiven() => await LoopAsync(
        "mistral-small", await File.ReadAllTextAsync(SharedData.Require("data/templates/templates/mistral-small-3.2.jinja"), TestContext.Current.CancellationToken), "[TOOL_CALLS]look[ARGS]{\\\"city\\\": \\\"Oslo\\\"}", null,
        given => ($"[TOOL_CALLS]look[CALL_ID]{given}[ARGS]", $"[TOOL_RESULTS]{given}[TOOL_CONTENT]ok[/TOOL_RESULTS]"), tokenizer: true);

    [Fact]
    public Task Kimi_AsTextUpstream_GetsBackItsOwnIdByteForByte() => LoopAsync(
        "Kimi-K2", Kimis, "<|tool_calls_section_begin|><|tool_call_begin|>functions.look:0<|tool_call_argument_begin|>{\\\"city\\\": \\\"Oslo\\\"}<|tool_call_end|><|tool_calls_section_end|>", "functions.look:0",
        given => ($"<|tool_call_begin|>{given}<|", $"## Return of {given}\nok"));

    [Theory]
    [InlineData("mistralai/Mistral-Small-3.2", false)]
    [InlineData("Qwen/Qwen3-32B", true)]
    public async Task IdOfAnotherModel_ToAServersOwnTemplate_IsMadeFitWhereThatDemandsIt(string model, bool isKept)
    {
        await using var scene = await GatewayScene.StartAsync($"  d: {{ provider: cheap, model: {model} }}", server: "vllm");
        foreach (string path in (string[])["/v1/chat/completions", "/v1/messages"])
        {
            using var response = await scene.PostAsync(path, path == "/v1/messages"
                ? """{"model":"d","max_tokens":9,"messages":[{"role":"user","content":"hi"},{"role":"assistant","content":[{"type":"tool_use","id":"toolu_01ABC","name":"look","input":{}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"toolu_01ABC","content":"ok"}]}]}"""
                : """{"model":"d","messages":[{"role":"user","content":"hi"},{"role":"assistant","content":null,"tool_calls":[{"id":"toolu_01ABC","type":"function","function":{"name":"look","arguments":"{}"}}]},{"role":"tool","tool_call_id":"toolu_01ABC","content":"ok"}]}""");
            var sent = JsonNode.Parse(scene.Cheap.Requests.Last().Body)!["messages"]!;
            string id = (string)sent[1]!["tool_calls"]![0]!["id"]!;
            Assert.Equal(id, (string?)sent[2]!["tool_call_id"]);
            if (isKept) Assert.Equal("toolu_01ABC", id);
            else Assert.Matches("^[a-zA-Z0-9]{9}$", id);
        }
    }

    private static async Task LoopAsync(string model, string template, string written, string? id, Func<string, (string Call, string Result)> expected, bool tokenizer = false)
    {
        using var folder = new TemporaryFolder();
        string file = folder.File(tokenizer ? "tokenizer_config.json" : "chat.jinja");
        await File.WriteAllTextAsync(file, tokenizer ? new JsonObject { ["chat_template"] = template, ["eos_token"] = "</s>" }.ToJsonString() : template, TestContext.Current.CancellationToken);
        await using var scene = await GatewayScene.StartAsync($"  raw: {{ provider: cheap, model: {model}, template: {file} }}", api: "completions", server: "vllm", template: file);
        scene.Cheap.Then(Answer(written)).Then(Answer("Done."));

        using var first = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"raw","tools":{{Tools}},"messages":[{"role":"user","content":"hi"}]}""");
        var message = JsonNode.Parse(await first.Content.ReadAsStringAsync())!["choices"]![0]!["message"]!;
        string given = (string)message["tool_calls"]![0]!["id"]!;
        if (id is not null) Assert.Equal(id, given);

        using var second = await scene.PostAsync("/v1/chat/completions", $$"""{"model":"raw","tools":{{Tools}},"messages":[{"role":"user","content":"hi"},{{message.ToJsonString()}},{"role":"tool","tool_call_id":"{{given}}","content":"ok"}]}""");
        Assert.Contains("Done.", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        string prompt = (string)JsonNode.Parse(scene.Cheap.Requests.Last().Body)!["prompt"]!;
        var (call, result) = expected(given);
        Assert.Contains(call, prompt, StringComparison.Ordinal);
        Assert.Contains(result, prompt, StringComparison.Ordinal);
    }

    private static Func<Microsoft.AspNetCore.Http.HttpContext, Task> Answer(string text) =>
        Script.Raw("application/json", $$$"""{"id":"c","model":"m","choices":[{"index":0,"text":"{{{text}}}","finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":5}}""");
}
