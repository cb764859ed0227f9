using System.Text.Json;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>Which keywords a grammar enforces, which say nothing about the text, and which it has to leave to a check afterwards.</summary>
internal static class SchemaKeywords
{
    private static readonly HashSet<string> s_enforced = new(StringComparer.Ordinal)
    {
        "type", "enum", "const", "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties", "dependentRequired",
        "items", "prefixItems", "additionalItems", "minItems", "maxItems", "minLength", "maxLength", "pattern", "format",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "allOf", "anyOf", "oneOf", "$ref",
    };

    private static readonly HashSet<string> s_silent = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "id", "$anchor", "$defs", "definitions", "$comment", "$vocabulary", "title", "description", "default", "example", "examples", "deprecated", "readOnly", "writeOnly",
        "contentEncoding", "contentMediaType", "contentSchema", "then", "else", "minContains", "maxContains",
    };

    /// <summary>The keywords of a schema that say something and are not enforced.</summary>
    public static IEnumerable<string> NotEnforced(SchemaNode schema)
    {
        foreach (JsonProperty member in schema.Element.EnumerateObject())
        {
            bool says = member.Name switch
            {
                "uniqueItems" => member.Value.ValueKind != JsonValueKind.False,
                "unevaluatedProperties" or "unevaluatedItems" => member.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False),
                _ => !member.Name.StartsWith("x-", StringComparison.Ordinal),
            };
            if (says && !s_enforced.Contains(member.Name) && !s_silent.Contains(member.Name)) yield return member.Name;
        }
    }
}
