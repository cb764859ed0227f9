using System.Text.Json;
using Countersign.Cascade.JsonSchemas;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Tests.JsonSchemas;

public sealed class JsonSchemaTests
{
    [Theory]
    [InlineData("""{"type":"integer"}""", "\"5\"", "", "must be an integer, but is a string (\"5\")")]
    [InlineData("""{"properties":{"a/b":{"type":["null","object"]}}}""", """{"a/b":[]}""", "/a~1b", "must be null or an object, but is an array")]
    [InlineData("""{"required":["total"]}""", "{}", "", "must have the property \"total\"")]
    [InlineData("""{"properties":{"a":{}},"additionalProperties":false}""", """{"b":1}""", "", "must not have the property \"b\"; allowed are \"a\"")]
    [InlineData("""{"items":{"enum":["x","y"]}}""", """["x","z"]""", "/1", "must be one of \"x\", \"y\", but is \"z\"")]
    [InlineData("""{"multipleOf":0.01}""", "19.995", "", "must be a multiple of 0.01, but is 19.995")]
    [InlineData("""{"minLength":3}""", "\"a😀\"", "", "must have at least 3 characters, but has 2")]
    [InlineData("""{"prefixItems":[true],"items":false}""", "[1,2,3]", "", "must have at most 1 items, but has 3")]
    [InlineData("""{"maximum":9007199254740993}""", "9007199254740994", "", "must be at most 9007199254740993, but is 9007199254740994")]
    [InlineData("""{"uniqueItems":true}""", "[1,2,1.0]", "", "must have no item twice, but item 2 repeats item 0")]
    [InlineData("""{"dependentRequired":{"a":["b"]}}""", """{"a":1}""", "", "must have the property \"b\", because it has \"a\"")]
    [InlineData("""{"pattern":"^\\d+$"}""", "\"١\"", "", "must match the pattern ^\\d+$, but is \"١\"")]
    public void Validate_Misfit_SaysWhatIsWrongAndWhere(string schema, string instance, string where, string message)
    {
        var finding = Assert.Single(JsonSchema.Compile(Json(schema)).Validate(Json(instance)));
        Assert.Equal((where, message), (finding.Where, finding.Message));
    }

    [Fact]
    public void Validate_NoneOfSeveralForms_TellsWhatTheNearestLacks()
    {
        var schema = JsonSchema.Compile(Json("""
            {"anyOf":[
              {"properties":{"kind":{"const":"circle"},"radius":{"type":"number"}},"required":["kind","radius"]},
              {"properties":{"kind":{"const":"square"},"side":{"type":"number"}},"required":["kind","side"]}]}
            """));
        Assert.Equal(
            ["must fit one of the 2 forms that the schema allows here", "must have the property \"side\""],
            schema.Validate(Json("""{"kind":"square"}""")).Select(finding => finding.Message));
    }

    [Theory]
    [InlineData("""{"type":"text"}""", "schema#")]
    [InlineData("""{"properties":{"a":{"minLength":-1}}}""", "schema#/properties/a")]
    [InlineData("""{"items":5}""", "schema#/items")]
    [InlineData("""{"pattern":"("}""", "schema#")]
    [InlineData("""{"$ref":"https://example.org/other.json"}""", "$ref")]
    [InlineData("""{"$ref":"#/$defs/missing"}""", "$ref")]
    [InlineData("5", "schema#")]
    public void Compile_NoSchema_NamesThePlace(string schema, string param)
    {
        var problem = Assert.Throws<ProblemException>(() => JsonSchema.Compile(Json(schema))).Problem;
        Assert.Equal((ProblemKind.InvalidRequest, param), (problem.Kind, problem.Param));
    }

    [Fact]
    public void Validate_EndlessReference_IsGivenUp() =>
        Assert.Throws<SchemaLimitException>(() => JsonSchema.Compile(Json("""{"$ref":"#"}""")).Validate(Json("1")));

    [Fact]
    public void Validate_ExplodingAlternatives_IsGivenUp()
    {
        var schema = JsonSchema.Compile(Json("""{"$defs":{"n":{"type":"array","items":{"anyOf":[{"$ref":"#/$defs/n"},{"$ref":"#/$defs/n"},{"$ref":"#/$defs/n"}]}}},"$ref":"#/$defs/n"}"""));
        var deep = Json(new string('[', 40) + "1" + new string(']', 40));
        Assert.Throws<SchemaLimitException>(() => schema.Validate(deep)); // All 3^40 of them would take longer than the tests may.
    }

    [Fact]
    public void Validate_HugeExponents_TakesNoTime()
    {
        var schema = JsonSchema.Compile(Json("""{"minimum":1e-900000000,"multipleOf":0.5}"""));
        Assert.Empty(schema.Validate(Json("1e900000000")));
        Assert.Throws<SchemaLimitException>(() => schema.Validate(Json("1e99999999999")));
    }

    [Fact]
    public void Validate_OneSchemaFromManyThreads_GivesEachItsOwnFindings()
    {
        var schema = JsonSchema.Compile(Json("""{"items":{"type":"string"}}"""));
        Parallel.For(0, 500, round =>
        {
            var instance = Json($"[{string.Join(',', Enumerable.Repeat("1", round % 7))}]");
            Assert.Equal(round % 7, schema.Validate(instance).Count);
        });
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
