using System.Text.Json;
using Countersign.Cascade.Validators.Structure;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Tests.JsonSchemas;

/// <summary>Schemas come from callers too: what they take grows with their size, and no faster.</summary>
public sealed class LargeSchemaTests
{
    /// <summary>Members of large objects are found by an index: as by walking over them, the last of one name counts.</summary>
    [Fact]
    public void Check_ReferencesToManyDefinitions_FindEachOfThem()
    {
        string definitions = Repeat(300, "\"d@\":{\"type\":\"object\",\"properties\":{}},\"a~1@\":{},\"twice\":7") + ",\"twice\":true";
        string references = Repeat(300, "\"p@\":{\"$ref\":\"#/$defs/d@\"},\"q@\":{\"$ref\":\"#/$defs/a~01@\"}") + ",\"t\":{\"$ref\":\"#/$defs/twice\"}";
        Check($"{{\"properties\":{{{references}}},\"$defs\":{{{definitions}}}}}");

        var nowhere = Assert.Throws<ProblemException>(() => Check($"{{\"properties\":{{{references},\"x\":{{\"$ref\":\"#/$defs/d300\"}}}},\"$defs\":{{{definitions}}}}}"));
        Assert.Contains("#/$defs/d300", nowhere.Problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"patternProperties\":{", "\"^w@\":{}")]
    [InlineData("\"properties\":{", "\"p@\":{\"pattern\":\"^w@\"}")]
    public void Check_ManyPatterns_MakesNoneOfThem(string begin, string pattern)
    {
        const int patterns = 400;
        string schema = $"{{{begin}{Repeat(patterns, pattern)}}}}}";
        Check(schema);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Check(schema);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / patterns, 0, 16 * 1024);
    }

    private static string Repeat(int count, string text) => string.Join(',', Enumerable.Range(0, count).Select(number => text.Replace("@", $"{number}", StringComparison.Ordinal)));

    private static void Check(string schema)
    {
        using var document = JsonDocument.Parse(schema);
        ToolDefinitions.Check([new ToolDefinition { Name = "f", Parameters = document.RootElement }], index => $"tools[{index}]");
    }
}
