using System.Text.Json;
using Countersign.Cascade.Tests.Fakes;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Tests.Validators;

public sealed class JsonSchemaValidatorTests
{
    private const string Schema = """{"type":"object","properties":{"vendor":{"type":"string"},"total":{"type":"number"},"kind":{"enum":["bill","credit"]}},"required":["vendor","total"],"additionalProperties":false}""";

    private static readonly string WithSchema = $$"""{"schema":{{Schema}}}""";

    [Fact]
    public async Task Judge_FittingJson_AcceptsItAsItIs()
    {
        var verdict = await Drafts.Validator("json_schema", WithSchema).JudgeAsync("""{"vendor":"ACME","total":1}""");
        Assert.Equal(VerdictKind.Accept, verdict.Kind);
        Assert.Null(verdict.Mended);
    }

    [Fact]
    public async Task Judge_NearJson_AcceptsItMended()
    {
        var verdict = await Drafts.Validator("json_schema", WithSchema).JudgeAsync("Here:\n```json\n{'vendor': 'ACME', \"total\": 1,}\n```");
        Assert.Equal(VerdictKind.Accept, verdict.Kind);
        Assert.Equal("""{"vendor":"ACME","total":1}""", verdict.Mended!.Text);
    }

    [Fact]
    public async Task Judge_NearJsonWithoutMending_Rejects() =>
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("json_schema", $$"""{"schema":{{Schema}},"mend":false}""").JudgeAsync("{\"vendor\": \"ACME\", \"total\": 1,}")).Kind);

    [Fact]
    public async Task Judge_Misfit_TellsWhatAndWhere()
    {
        var verdict = await Drafts.Validator("json_schema", WithSchema).JudgeAsync("""{"vendor":5,"extra":1}""");
        Assert.Equal(VerdictKind.Reject, verdict.Kind);
        Assert.Contains(new Finding("The value at /vendor must be a string, but is a number (5).", "/vendor"), verdict.Findings);
        Assert.Contains(new Finding("The answer must have the property \"total\".", ""), verdict.Findings);
    }

    [Fact]
    public async Task Judge_SchemaOfTheRequest_IsUsed()
    {
        using var schema = JsonDocument.Parse(Schema);
        var context = Drafts.Context(request: Run.Question() with { ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonSchema, "bill", schema.RootElement) });
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("json_schema", "{}").JudgeAsync("{}", context)).Kind);
        Assert.Equal(VerdictKind.Accept, (await Drafts.Validator("json_schema", """{"from":"request"}""").JudgeAsync("""{"vendor":"A","total":2}""", context)).Kind);
    }

    [Fact]
    public async Task Judge_NoSchemaAnywhereOrABrokenOne_IsUnknown()
    {
        Assert.Equal(VerdictKind.Unknown, (await Drafts.Validator("json_schema", "{}").JudgeAsync("{}")).Kind);
        using var broken = JsonDocument.Parse("""{"type":"text"}""");
        var context = Drafts.Context(request: Run.Question() with { ResponseFormat = new ResponseFormat(ResponseFormatKind.JsonSchema, "x", broken.RootElement) });
        var verdict = await Drafts.Validator("json_schema", "{}").JudgeAsync("{}", context);
        Assert.Equal(VerdictKind.Unknown, verdict.Kind);
        Assert.Contains("'type' must be one of", verdict.Findings[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"from":"route"}""", "schema")]
    [InlineData("""{"from":"request","schema":true}""", "schema")]
    [InlineData("""{"schema":{"type":"text"}}""", "schema#")]
    [InlineData("""{"shema":true}""", "")]
    public void Create_WrongOptions_NamesTheOption(string options, string param) =>
        Assert.StartsWith(param, Drafts.Refused("json_schema", options).Param ?? "", StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"vendor":"A","note""", null)]
    [InlineData("""{"vendor":"A","note":""", "must not have the property \"note\"; allowed are \"vendor\", \"total\", \"kind\"")]
    [InlineData("""{"vendor": 5""", "must be a string, but is a number")]
    [InlineData("""{"kind":"bi""", null)]
    [InlineData("""{"kind":"bu""", "must be one of \"bill\", \"credit\", but begins with \"bu\"")]
    [InlineData("""{"total": "1""", "must be a number, but is a string")]
    [InlineData("""{"vendor":"A"}""", "must have the property \"total\"")]
    [InlineData("```json\n{\"vendor\": 5", "must be a string, but is a number")]
    [InlineData("Let me think. {\"vendor\": 5", null)]
    public void Prefix_Doomed_IsCutOffAtTheFirstPlace(string prefix, string? message)
    {
        Assert.Equal(message is null, See(WithSchema, prefix) is null);
        if (message is not null) Assert.Contains(message, See(WithSchema, prefix)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Prefix_WrongFirstTokenWithoutMending_IsCutOff() =>
        Assert.NotNull(See($$"""{"schema":{{Schema}},"mend":false}""", "[1"));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prefix_HalfACharacter_IsLeftToTheWholeCheck(bool isEscaped)
    {
        string half = isEscaped ? "\\ud800" : "\ud800";
        const string Options = """{"schema":{"type":"object","properties":{"a":{"type":"string","maxLength":5,"enum":["x","y"]},"b":{"type":"string","pattern":"^x"}}},"mend":false}""";
        string text = $$"""{"b":"x{{half}}","c":1}""";
        Assert.Null(Drafts.Validator("json_schema", Options).JudgePrefix(Drafts.Context())!.See(new TextDelta(0, text)));
        Assert.Equal(VerdictKind.Reject, (await Drafts.Validator("json_schema", Options).JudgeAsync(text)).Kind);
    }

    [Fact]
    public void Prefix_LongTexts_TakeTimeInProportion()
    {
        string letters = new('a', 300_000);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (string start in (string[])["{\"a\":\"", "```"])
        {
            Assert.Null(Drafts.Validator("json_schema", """{"schema":{"type":"object","properties":{"a":{"type":"string"}}}}""").JudgePrefix(Drafts.Context())!.See(new TextDelta(0, start + letters)));
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(3), $"{watch.Elapsed}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Prefix_RandomTexts_CondemnsOnlyWhatTheWholeCheckRejects(bool mend)
    {
        const string Rich = """{"type":"object","properties":{"a":{"type":"string"},"b":{"type":["integer","null"]},"c":{"type":"array","items":{"enum":["x","yy",3]}},"d":{"$ref":"#/$defs/d"},"e":{"anyOf":[{"type":"string"},{"type":"object"}]}},"required":["a"],"additionalProperties":false,"$defs":{"d":{"type":"object","properties":{"a":{"const":"k"}},"additionalProperties":{"type":"number","minimum":2}}}}""";
        string options = $$"""{"schema":{{Rich}},"mend":{{(mend ? "true" : "false")}}}""";
        var validator = Drafts.Validator("json_schema", options);
        string[] pieces = ["{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "\"c\"", "\"d\"", "\"e\"", "\"k\"", "\"x\"", "\"yy\"", "\"y", "\"", "1", "3", "-2.5", "null", "true", " ", "\n", "\\", "\\frac", "'", "// c\n", "text", "```json\n", "\"a\": \"x\", ", "\"b\": 4", "\"d\": {\"a\": \"k\"}", "{\"a\": \"x\"}", "\"c\": [\"x\", 3]"];
        var random = new Random(42);
        int condemned = 0;
        for (int round = 0; round < 8_000; round++)
        {
            string text = (random.Next(3) == 0 ? "" : "{") + string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => pieces[random.Next(pieces.Length)]));
            if (See(options, text, random) is not { } finding) continue;
            condemned++;
            var verdict = await validator.JudgeAsync(text);
            Assert.True(verdict.Kind == VerdictKind.Reject, $"cut off ({finding}) but {verdict.Kind}: {text}");
        }

        Assert.True(condemned > 100, $"{condemned}");
    }

    private static Finding? See(string options, string text, Random? random = null)
    {
        var judge = Drafts.Validator("json_schema", options).JudgePrefix(Drafts.Context())!;
        for (int start = 0; start < text.Length;)
        {
            int length = Math.Min(random?.Next(1, 5) ?? 1, text.Length - start);
            if (judge.See(new TextDelta(0, text.Substring(start, length))) is { } finding) return finding;
            start += length;
        }

        return null;
    }
}
