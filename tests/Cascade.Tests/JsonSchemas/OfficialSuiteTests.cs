using System.Text.Json;
using Countersign.Cascade.JsonSchemas;
using Countersign.Tests;

namespace Countersign.Cascade.Tests.JsonSchemas;

/// <summary>The official test suite for draft 2020-12 (MIT, json-schema-org/JSON-Schema-Test-Suite).</summary>
public sealed class OfficialSuiteTests
{
    [Fact]
    public void Required_EveryTest_GivesTheStatedResult() => Assert.Empty(Failures("", assertFormats: false, out _));

    [Fact]
    public void Optional_EveryTest_GivesTheStatedResult()
    {
        Assert.Empty(Failures("optional", assertFormats: false, out int count));
        Assert.True(count > 100);
    }

    [Theory]
    [InlineData("date")]
    [InlineData("date-time")]
    [InlineData("time")]
    [InlineData("duration")]
    [InlineData("uuid")]
    [InlineData("ipv4")]
    [InlineData("ipv6")]
    [InlineData("email")]
    [InlineData("uri")]
    [InlineData("json-pointer")]
    [InlineData("relative-json-pointer")]
    [InlineData("regex")]
    public void Formats_AssertedWhereAsked_GiveTheStatedResult(string format)
    {
        Assert.Empty(Failures("optional/format", assertFormats: true, out int count, $"{format}.json"));
        Assert.True(count > 0);
    }

    private static List<string> Failures(string folder, bool assertFormats, out int count, string pattern = "*.json")
    {
        List<string> failures = [];
        var documents = Documents();
        count = 0;
        foreach (string file in Directory.GetFiles(Path.Combine(SharedData.Require("data/json-schema/suite/tests/draft2020-12"), folder), pattern).Order())
        {
            foreach (var group in Parse(file).EnumerateArray())
            {
                foreach (var test in group.GetProperty("tests").EnumerateArray())
                {
                    count++;
                    string? failure = Failure(group.GetProperty("schema"), test, new JsonSchemaOptions { AssertFormats = assertFormats, Documents = documents });
                    if (failure is not null) failures.Add($"{Path.GetFileName(file)}: {group.GetProperty("description")}: {test.GetProperty("description")}: {failure}");
                }
            }
        }

        return failures;
    }

    private static string? Failure(JsonElement schema, JsonElement test, JsonSchemaOptions options)
    {
        try
        {
            var compiled = JsonSchema.Compile(schema, options);
            bool expected = test.GetProperty("valid").GetBoolean(), fits = compiled.Fits(test.GetProperty("data"));
            var findings = compiled.Validate(test.GetProperty("data"));
            if (fits != (findings.Count == 0)) return "with and without findings differ";
            return fits == expected ? null : $"{fits}, not {expected}";
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return $"{exception.GetType().Name} {exception.Message}";
        }
    }

    private static Dictionary<Uri, JsonElement> Documents()
    {
        Dictionary<Uri, JsonElement> documents = [];
        string remotes = SharedData.Require("data/json-schema/suite/remotes");
        foreach (string file in Directory.GetFiles(remotes, "*.json", SearchOption.AllDirectories))
        {
            documents[new Uri($"http://localhost:1234/{Path.GetRelativePath(remotes, file).Replace('\\', '/')}")] = Parse(file);
        }

        foreach (string file in Directory.GetFiles(SharedData.Require("data/json-schema/meta"), "*.json", SearchOption.AllDirectories))
        {
            var meta = Parse(file);
            documents[new Uri(meta.GetProperty("$id").GetString()!.TrimEnd('#'))] = meta;
        }

        return documents;
    }

    private static JsonElement Parse(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        return document.RootElement.Clone();
    }
}
