using System.Text.Json;
using Countersign.Engine.Gguf;
using Countersign.Engine.Sampling.Grammar;
using Countersign.Engine.Tokenizers;
using Countersign.Tests;

namespace Countersign.Engine.Tests.Sampling.Grammar;

public sealed class JsonSchemaGrammarTests
{
    public static TheoryData<string> Names => [.. SchemaFixture.All.Select(static fixture => fixture.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Schema_Fixture_AllowsAndForbidsWhatItSays(string name)
    {
        SchemaFixture fixture = SchemaFixture.Named(name);
        OutputGrammar grammar = OutputGrammar.FromJsonSchema(fixture.Schema);
        Assert.All(fixture.Accept, text => Assert.True(GrammarRun.Accepts(grammar, text), text));
        Assert.All(fixture.Alive, text => Assert.True(GrammarRun.IsAlive(grammar, text), text));
        if (grammar.NotEnforced.Count > 0)
        {
            Assert.True(fixture.IsOptional, string.Join("; ", grammar.NotEnforced));
            return;
        }

        Assert.All(fixture.Reject, text => Assert.False(GrammarRun.Accepts(grammar, text), text));
        Assert.All(fixture.Dead, text => Assert.False(GrammarRun.IsAlive(grammar, text), text));
    }

    [Fact]
    public void Schema_FixturesThatCannotBeEnforced_AreTheseAndSaySo()
    {
        string[] partly = [.. SchemaFixture.All.Where(static fixture => OutputGrammar.FromJsonSchema(fixture.Schema).NotEnforced.Count > 0).Select(static fixture => fixture.Name)];
        Assert.Equal(["unique-items", "if-then-else", "not"], partly);
    }

    [Fact]
    public void Schema_FixturesInRealTokens_AreAllowedByTheMasks()
    {
        using GgufFile file = GgufFile.Open(Path.Combine(SharedData.RepositoryRoot, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"));
        var tokenizer = Tokenizer.FromGguf(file);
        var trie = new TokenTrie(tokenizer);
        foreach (SchemaFixture fixture in SchemaFixture.All)
        {
            var masks = new GrammarMasks(new GrammarMachine(OutputGrammar.FromJsonSchema(fixture.Schema).Graph), trie, tokenizer.Count);
            foreach (string text in fixture.Accept)
            {
                GrammarState state = masks.Machine.Start();
                foreach (int token in tokenizer.Encode(text, addSpecial: false, parseSpecial: false))
                {
                    Assert.True(masks.Of(state)[token], $"{fixture.Name}: {text}");
                    foreach (byte value in tokenizer.TokenBytes(token)) state = masks.Machine.Step(state, value);
                }

                Assert.True(masks.Of(state)[tokenizer.Vocabulary.Eos], $"{fixture.Name}: {text}");
            }
        }
    }

    [Theory]
    [InlineData("""{"type":"number","minimum":0.25,"exclusiveMaximum":2}""", "0.25|0.30|1.99|1.00", "0.24|2|2.00|0|-1")]
    [InlineData("""{"type":"number","exclusiveMinimum":-1.5,"maximum":-0.5}""", "-1.4|-0.5|-1.0|-1.49", "-1.5|-0.4|0|1|-2.0")]
    [InlineData("""{"type":"number","exclusiveMinimum":0}""", "0.1|1|12.5|0.001", "0|0.0|-1|-0.1")]
    [InlineData("""{"type":"integer","minimum":-5,"exclusiveMaximum":1000}""", "-5|0|999|10", "-6|1000|-0|05")]
    [InlineData("""{"type":"integer","minimum":8,"maximum":123}""", "8|9|10|99|100|123", "7|124|200|0|1|12345")]
    [InlineData("""{"type":"integer","minimum":1.5,"maximum":3.5}""", "2|3", "1|4")]
    [InlineData("""{"multipleOf":10,"minimum":5,"maximum":35}""", "10|20|30", "5|15|40|0")]
    [InlineData("""{"type":"string","pattern":"^a|b$"}""", "\"a\"|\"axx\"|\"b\"|\"xxb\"", "\"x\"|\"xa\"|\"bx\"")]
    [InlineData("""{"type":"string","pattern":"^[^a\\n]{2}\\s?$"}""", "\"bc\"|\"\\\"\\\\\"|\"é中\"|\"bc\\n\"", "\"ab\"|\"b\"|\"bcd\"|\"b\\n\"")]
    [InlineData("""{"type":"string","format":"date"}""", "\"2024-02-29\"|\"2000-02-29\"|\"2023-12-31\"", "\"2023-02-29\"|\"1900-02-29\"|\"2023-04-31\"|\"2023-00-10\"")]
    [InlineData("""{"type":"string","format":"email"}""", "\"a.b@c.org\"", "\"a@b\"|\"@c.org\"|\"a b@c.org\"")]
    [InlineData("""{"type":"string","format":"ipv4"}""", "\"127.0.0.1\"|\"255.255.255.255\"", "\"256.0.0.1\"|\"1.2.3\"|\"01.2.3.4\"")]
    [InlineData("""{"properties":{"ab":{"type":"integer"}},"additionalProperties":{"type":"boolean"}}""", "{}|{\"ab\":1}|{\"ab\":1,\"a\":true}|{\"abc\":false}|{\"\":true}", "{\"ab\":true}|{\"a\":1}|{\"x\":true,\"ab\":1}|{\"ab\":1,\"ab\":true}|{\"\\u0061b\":true}")]
    [InlineData("""{"type":"object","propertyNames":{"pattern":"^k\\d$"},"minProperties":1}""", "{\"k1\":[]}|{\"k1\":1,\"k2\":2}", "{}|{\"k\":1}|{\"x1\":1}")]
    [InlineData("""{"type":"object","required":["a"]}""", "{\"a\":null}", "{}|{\"b\":1}")]
    [InlineData("""{"properties":{"a":{},"b":{}},"dependentRequired":{"a":["b"]},"additionalProperties":false}""", "{\"a\":1,\"b\":2}|{\"b\":2}", "{\"a\":1}|{\"c\":1}")]
    [InlineData("""{"type":"array","prefixItems":[{"const":1},{"const":2}],"maxItems":3,"items":{"const":3}}""", "[]|[1]|[1,2]|[1,2,3]", "[2]|[1,2,3,3]|[1,3]")]
    [InlineData("""{"items":[{"const":1}],"additionalItems":false,"minItems":1}""", "[1]", "[]|[1,1]|[2]")]
    [InlineData("""{"anyOf":[{"$ref":"#"},{"const":1},{"items":{"$ref":"#"}}]}""", "1|[]|[[1],1]", "2|[2]")]
    [InlineData("""{"allOf":[{"$ref":"#/$defs/a"},{"$ref":"#/$defs/a"}],"$defs":{"a":{"anyOf":[{"type":"integer"},{"type":"null"}]}}}""", "1|null", "\"\"|1.5")]
    [InlineData("""{"allOf":[{"type":["string","null"]},{"anyOf":[{"type":"null"},{"type":"integer"}]}]}""", "null", "1|\"\"")]
    [InlineData("""{"$ref":"#thing","$defs":{"x":{"$anchor":"thing","const":7}}}""", "7", "8")]
    [InlineData("""{"$defs":{"a/b~c":{"const":7}},"$ref":"#/$defs/a~1b~0c"}""", "7", "8")]
    [InlineData("""{"properties":{"a":false,"b":true}}""", "{}|{\"b\":[1]}", "{\"a\":1}")]
    [InlineData("""{"type":"object","additionalProperties":true}""", "{\n  \"a\": [\n    1,\n    2\n  ]\n}|{\"a\": 1, \"b\": {}}", "{\"a\" : 1}\n| {}")]
    public void Schema_Texts_AcceptsExactlyTheRight(string schema, string right, string wrong)
    {
        OutputGrammar grammar = OutputGrammar.FromJsonSchema(schema);
        Assert.Empty(grammar.NotEnforced);
        Assert.All(right.Split('|'), text => Assert.True(GrammarRun.Accepts(grammar, text), text));
        Assert.All(wrong.Split('|'), text => Assert.False(GrammarRun.Accepts(grammar, text), text));
    }

    [Theory]
    [InlineData("""{"type":"string","pattern":"(?=a)b"}""", "#/pattern: an assertion")]
    [InlineData("""{"type":"string","pattern":"(a)\\1"}""", "#/pattern: the escape")]
    [InlineData("""{"type":"string","format":"idn-email"}""", "#/format: the format 'idn-email' has no grammar")]
    [InlineData("""{"type":"string","format":"date","maxLength":4}""", "#/maxLength: beside a pattern")]
    [InlineData("""{"type":"array","uniqueItems":true}""", "#/uniqueItems: cannot be enforced")]
    [InlineData("""{"type":"array","contains":{"const":1}}""", "#/contains: cannot be enforced")]
    [InlineData("""{"properties":{"a":{"not":{"const":1}}}}""", "#/properties/a/not: cannot be enforced")]
    [InlineData("""{"type":"number","multipleOf":0.01}""", "#/multipleOf: multiples")]
    [InlineData("""{"oneOf":[{"type":"integer"},{"minimum":3}]}""", "#/oneOf: that only one alternative holds")]
    [InlineData("""{"enum":[1,5],"minimum":3}""", "#/minimum: beside a list of values")]
    [InlineData("""{"type":"integer","shiny":true}""", "#/shiny: cannot be enforced")]
    public void Schema_BeyondAGrammar_IsReported(string schema, string report) =>
        Assert.StartsWith(report, Assert.Single(OutputGrammar.FromJsonSchema(schema).NotEnforced), StringComparison.Ordinal);

    [Theory]
    [InlineData("{", "is no JSON")]
    [InlineData("[]", "#: a schema is an object, true or false")]
    [InlineData("false", "No text satisfies")]
    [InlineData("""{"type":"text"}""", "#/type: 'text' is no type")]
    [InlineData("""{"type":5}""", "#/type: a string was expected")]
    [InlineData("""{"properties":{"a/b":{"minLength":-1}}}""", "#/properties/a~1b/minLength: a whole number")]
    [InlineData("""{"properties":[]}""", "#/properties: an object was expected")]
    [InlineData("""{"anyOf":{}}""", "#/anyOf: an array was expected")]
    [InlineData("""{"$ref":"#/$defs/none"}""", "#/$ref: '#/$defs/none' is not there")]
    [InlineData("""{"$ref":"https://example.com/schema"}""", "is outside this schema")]
    [InlineData("""{"$ref":"#"}""", "No text satisfies")]
    [InlineData("""{"type":"integer","minimum":5,"maximum":4}""", "No text satisfies")]
    [InlineData("""{"type":"string","enum":[1,2]}""", "No text satisfies")]
    [InlineData("""{"properties":{"a":{"$ref":"#"}},"required":["a"]}""", "No text satisfies")]
    public void Schema_Wrong_IsRefusedWithItsPlace(string schema, string reason)
    {
        EngineException exception = Assert.Throws<EngineException>(() => OutputGrammar.FromJsonSchema(schema));
        Assert.Equal(EngineErrorKind.InvalidRequest, exception.Kind);
        Assert.Contains(reason, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Schema_Hostile_IsBounded()
    {
        string choices = string.Join(',', Enumerable.Repeat("""{"anyOf":[{"minLength":1},{"minLength":2},{"minLength":3}]}""", 60));
        string chain = string.Join(',', Enumerable.Range(0, 2000).Select(static i => $$""" "d{{i}}": {"$ref":"#/$defs/d{{i + 1}}" } """));
        string[] refused =
        [
            $$"""{"allOf":[{{choices}}]}""",
            $$"""{"$defs": { {{chain}}, "d2000": {} }, "$ref":"#/$defs/d0"}""",
            """{"type":"string","maxLength":2000000000}""",
            """{"type":"array","items":{"type":"array","items":{"type":"array","maxItems":900000},"maxItems":900000},"maxItems":900000}""",
            string.Concat(Enumerable.Repeat("""{"items":""", 5000)),
            """{"properties":{""" + string.Join(',', Enumerable.Range(0, 20_000).Select(static i => $"\"p{i}\":{{}}")) + "}}",
        ];
        Assert.All(refused, static schema => Assert.Equal(EngineErrorKind.InvalidRequest, Assert.Throws<EngineException>(() => OutputGrammar.FromJsonSchema(schema)).Kind));
    }

    [Fact]
    public void Schema_DeepReferences_AreFollowedWithoutDepth()
    {
        string chain = string.Join(',', Enumerable.Range(0, 3000).Select(static i => $$""" "d{{i}}": {"items": {"$ref":"#/$defs/d{{i + 1}}" } } """));
        OutputGrammar grammar = OutputGrammar.FromJsonSchema($$"""{"$defs": { {{chain}}, "d3000": {"const":1} }, "$ref":"#/$defs/d0"}""");
        Assert.True(GrammarRun.Accepts(grammar, new string('[', 3000) + "1" + new string(']', 3000)));
    }

    [Fact]
    public void AnyJsonObject_Texts_OnlyObjects()
    {
        Assert.True(GrammarRun.Accepts(OutputGrammar.AnyJsonObject, """{"a": [1, {"b": null}], "c": "\ud83d\ude00"}"""));
        foreach (string wrong in (string[])["[]", "1", "{", """{"a":"\ud83d"}""", "{\"a\":01}", "{\"a\":1,}", "{} "]) Assert.False(GrammarRun.Accepts(OutputGrammar.AnyJsonObject, wrong), wrong);
    }
}
