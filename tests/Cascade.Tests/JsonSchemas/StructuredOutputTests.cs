using System.Text.Json;
using Countersign.Cascade.JsonSchemas;
using Countersign.Tests;

namespace Countersign.Cascade.Tests.JsonSchemas;

/// <summary>Schemas that users of structured outputs send, with instances that fit and that do not.</summary>
public sealed class StructuredOutputTests
{
    [Fact]
    public void Validate_TypicalSchemas_AcceptsAndNamesTheFault()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.Require("data/json-schema/structured-outputs.json")));
        List<string> failures = [];
        foreach (var entry in document.RootElement.GetProperty("schemas").EnumerateArray())
        {
            string id = entry.GetProperty("id").GetString()!;
            var schema = JsonSchema.Compile(entry.GetProperty("schema"), new JsonSchemaOptions { AssertFormats = entry.GetProperty("assert_formats").GetBoolean() });
            foreach (var valid in entry.GetProperty("valid").EnumerateArray())
            {
                if (schema.Validate(valid) is { Count: > 0 } findings) failures.Add($"{id} refuses {valid}: {findings[0]}");
            }

            foreach (var invalid in entry.GetProperty("invalid").EnumerateArray())
            {
                var (keyword, at) = (invalid.GetProperty("keyword").GetString()!, invalid.GetProperty("at").GetString()!);
                var findings = schema.Validate(invalid.GetProperty("instance"));
                if (!findings.Any(finding => finding.Where == at && finding.Keyword == keyword)) failures.Add($"{id} lacks {keyword} at '{at}' of {invalid.GetProperty("instance")}: {string.Join("; ", findings)}");
            }
        }

        Assert.Empty(failures);
    }
}
