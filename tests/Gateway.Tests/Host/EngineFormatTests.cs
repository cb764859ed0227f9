using System.Net;
using System.Text.Json;

namespace Countersign.Gateway.Tests.Host;

/// <summary>Answers whose form is enforced while the engine generates them, over HTTP. The small model, left alone, writes prose here.</summary>
public sealed class EngineFormatTests(EngineScene scene) : IClassFixture<EngineScene>
{
    private const string Person = """{"type":"object","properties":{"name":{"type":"string","maxLength":12},"age":{"type":"integer","minimum":0,"maximum":120}},"required":["name","age"],"additionalProperties":false}""";

    [Theory]
    [InlineData("true")]
    [InlineData("false")]
    public async Task JsonSchema_StrictOrNot_IsKept(string strict)
    {
        var answer = JsonDocument.Parse(await TextAsync($$$"""{"type":"json_schema","json_schema":{"name":"person","strict":{{{strict}}},"schema":{{{Person}}}}}""")).RootElement;
        Assert.Equal(["name", "age"], answer.EnumerateObject().Select(member => member.Name));
        Assert.InRange(answer.GetProperty("age").GetInt32(), 0, 120);
    }

    [Fact]
    public async Task JsonObject_IsOne() => Assert.StartsWith("{", await TextAsync("""{"type":"json_object"}""", "\"max_tokens\":12"));

    [Fact]
    public async Task Grammar_OfLlamaServer_IsKept()
    {
        var (response, text) = await AskAsync("""{"grammar":"root ::= \"red\" | \"green\""}""");
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Contains(ContentOf(text), (string[])["red", "green"]);
        Assert.Equal("stop", JsonDocument.Parse(text).RootElement.GetProperty("choices")[0].GetProperty("finish_reason").GetString());
    }

    [Fact]
    public async Task JsonSchema_OfLlamaServer_IsKept()
    {
        var (_, text) = await AskAsync("""{"json_schema":{"enum":[17,23]}}""");
        Assert.Contains(ContentOf(text), (string[])["17", "23"]);
    }

    [Theory]
    [InlineData("response_format", """{"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"strin"}}}}""")]
    [InlineData("response_format", """{"response_format":{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"integer","minimum":3,"maximum":2}}}}""")]
    [InlineData("grammar", """{"grammar":"root ::= other"}""")]
    [InlineData("grammar", """{"grammar":"root ::= ["}""")]
    [InlineData("grammar", """{"grammar":7}""")]
    [InlineData("grammar", """{"grammar":"root ::= [a]","response_format":{"type":"json_object"}}""")]
    public async Task WhatCannotBeSatisfied_IsRefused(string param, string fields)
    {
        var (response, text) = await AskAsync(fields);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, text);
        Assert.Equal(param, JsonDocument.Parse(text).RootElement.GetProperty("error").GetProperty("param").GetString());
    }

    [Fact]
    public async Task WhatAGrammarCannotSay_IsNamed()
    {
        var (response, text) = await AskAsync("""{"json_schema":{"type":"array","items":{"type":"integer"},"maxItems":2,"uniqueItems":true}}""");
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.Contains("uniqueItems", string.Join('\n', response.Headers.GetValues("x-countersign-warning")));
    }

    private async Task<string> TextAsync(string format, string more = "\"max_tokens\":60")
    {
        var (response, text) = await AskAsync($$"""{"response_format":{{format}},{{more}}}""");
        Assert.True(response.IsSuccessStatusCode, text);
        Assert.False(response.Headers.Contains("x-countersign-warning"));
        return ContentOf(text);
    }

    private Task<(HttpResponseMessage Response, string Text)> AskAsync(string fields) =>
        scene.PostAsync("/v1/chat/completions", $$"""{"model":"{{EngineScene.Chat}}","temperature":0,"messages":[{"role":"user","content":"Tell me about Ada, who is 36."}],""" + fields[1..]);

    private static string ContentOf(string answer) => JsonDocument.Parse(answer).RootElement.GetProperty("choices")[0].GetProperty("message").GetProperty("content").GetString()!;
}
