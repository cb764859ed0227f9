using System.Collections.Frozen;
using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>Where a schema holds further schemas. What unknown keywords hold is none.</summary>
internal static class SchemaChildren
{
    private static readonly FrozenSet<string> One =
        new[] { "additionalProperties", "propertyNames", "items", "contains", "not", "if", "then", "else", "unevaluatedItems", "unevaluatedProperties", "contentSchema" }.ToFrozenSet();

    private static readonly FrozenSet<string> Several = new[] { "allOf", "anyOf", "oneOf", "prefixItems" }.ToFrozenSet();

    private static readonly FrozenSet<string> Named = new[] { "$defs", "definitions", "properties", "patternProperties", "dependentSchemas", "dependencies" }.ToFrozenSet();

    /// <summary>The schemas within <paramref name="schema"/>, with the steps of a JSON pointer that lead to them.</summary>
    public static IEnumerable<(string Step, JsonElement Schema)> Of(JsonElement schema)
    {
        foreach (var member in schema.EnumerateObject())
        {
            if (One.Contains(member.Name)) yield return ($"/{member.Name}", member.Value);
            if (Several.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Array)
            {
                foreach (var (index, item) in member.Value.EnumerateArray().Index()) yield return ($"/{member.Name}/{index}", item);
            }

            if (Named.Contains(member.Name) && member.Value.ValueKind == JsonValueKind.Object)
            {
                foreach (var named in member.Value.EnumerateObject()) yield return ($"/{member.Name}/{Escape(named.Name)}", named.Value);
            }
        }
    }

    /// <summary>A name as a step of a JSON pointer.</summary>
    public static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
