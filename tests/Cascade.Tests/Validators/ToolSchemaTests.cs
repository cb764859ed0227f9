using System.Text.Json;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Validators;

/// <summary>Arguments that a tool does not know are made up, however its parameters are described; and no right call is taken for one.</summary>
public sealed class ToolSchemaTests
{
    private const string Parts = """{"type":"object","allOf":[{"properties":{"x":{"type":"integer"}},"required":["x"]},{"properties":{"y":{"type":"integer"}}}]}""";
    private const string Condition = """{"type":"object","properties":{"kind":{"type":"string"}},"if":{"properties":{"kind":{"const":"city"}}},"then":{"properties":{"name":{"type":"string"}},"required":["name"]}}""";
    private const string Alternatives = """{"type":"object","properties":{"unit":{"type":"string"}},"anyOf":[{"properties":{"city":{"type":"string"}},"required":["city"]},{"properties":{"zip":{"type":"string"}},"required":["zip"]}]}""";
    private const string Definitions = """{"type":"object","properties":{"at":{"anyOf":[{"$ref":"#/$defs/place"},{"type":"null"}]}},"$defs":{"place":{"type":"dict","properties":{"city":{"type":"string"},"near":{"$ref":"#/$defs/place"}}}}}""";
    private const string Extended = """{"allOf":[{"$ref":"#/$defs/base"},{"properties":{"y":{"type":"integer"}}}],"$defs":{"base":{"type":"object","properties":{"x":{"type":"object","properties":{"z":{}}}}}}}""";
    private const string Repeated = """{"allOf":[{"properties":{"at":{"properties":{"city":{}}}}},{"properties":{"at":{"properties":{"zip":{}}}}}]}""";
    private const string Free = """{"type":"object","properties":{"filter":{"anyOf":[{"type":"object"},{"type":"object","properties":{"a":{}}}]},"also":{"$ref":"#/$defs/any"}},"$defs":{"any":{"type":"object"}}}""";

    [Theory]
    [InlineData(Parts, """{"x":1,"y":2}""", true)]
    [InlineData(Parts, """{"y":2}""", false)]
    [InlineData(Parts, """{"x":1,"z":2}""", false)]
    [InlineData(Condition, """{"kind":"city","name":"Rome"}""", true)]
    [InlineData(Condition, """{"kind":"city"}""", false)]
    [InlineData(Condition, """{"kind":"city","extra":1}""", false)]
    [InlineData(Condition, """{"kind":"river"}""", true)]
    [InlineData(Condition, """{"kind":"river","name":"Tiber"}""", false)]
    [InlineData(Alternatives, """{"unit":"C","city":"Rome"}""", true)]
    [InlineData(Alternatives, """{"city":"Rome","zip":"00100"}""", true)]
    [InlineData(Alternatives, """{"city":"Rome","country":"IT"}""", false)]
    [InlineData(Definitions, """{"at":{"city":"Rome","near":{"city":"Ostia"}}}""", true)]
    [InlineData(Definitions, """{"at":null}""", true)]
    [InlineData(Definitions, """{"at":{"town":"Rome"}}""", false)]
    [InlineData(Definitions, """{"at":{"near":{"town":"Ostia"}}}""", false)]
    [InlineData(Extended, """{"x":{"z":1},"y":1}""", true)]
    [InlineData(Extended, """{"x":{},"w":1}""", false)]
    [InlineData(Extended, """{"x":{"w":1}}""", false)]
    [InlineData(Repeated, """{"at":{"city":"Rome","zip":"00100"}}""", true)]
    [InlineData(Repeated, """{"to":{}}""", false)]
    [InlineData(Free, """{"filter":{"b":1},"also":{"c":1}}""", true)]
    [InlineData(Free, """{"sort":1}""", false)]
    public async Task Judge_ArgumentsDescribedInParts_AreJudgedByAllOfThem(string parameters, string arguments, bool accepted)
    {
        var verdict = await JudgeAsync(parameters, arguments);
        Assert.True(accepted == (verdict.Kind is VerdictKind.Accept), $"{verdict.Kind}: {string.Join(' ', verdict.Findings)}");
    }

    [Fact]
    public async Task Judge_DefinitionsThatAreEachOther_IsUnknown() =>
        Assert.Equal(VerdictKind.Unknown, (await JudgeAsync("""{"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/b"},"b":{"allOf":[{"$ref":"#/$defs/a"}]}}}""", "{}")).Kind);

    [Fact]
    public async Task Judge_DefinitionsInAnEndlessRow_IsUnknown()
    {
        string row = string.Join(',', Enumerable.Range(0, 20_000).Select(at => $$"""
            "d{{at}}":{"$ref":"#/$defs/d{{at + 1}}"}
            """));
        string parameters = $$"""{"$ref":"#/$defs/d0","$defs":{ {{row}},"d20000":{"type":"object"} } }""";
        Assert.Equal(VerdictKind.Unknown, (await JudgeAsync(parameters, "{}")).Kind);
    }

    private static async Task<Verdict> JudgeAsync(string parameters, string arguments)
    {
        using var schema = JsonDocument.Parse(parameters);
        var request = Run.Question() with { Tools = [new ToolDefinition { Name = "f", Parameters = schema.RootElement }] };
        var draft = Drafts.Of(new ChatAnswer { Choices = [new ChatChoice { Index = 0, ToolCalls = [new ToolCall("1", "f", arguments)] }] });
        return await Drafts.Validator("tool_call", """{"mend":false}""").JudgeAsync(draft, Drafts.Context(request: request), TestContext.Current.CancellationToken);
    }
}
