using System.Text.Json;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>Whether it is plain that no value satisfies two of some schemas: by their types, or by a required property that each gives another value.</summary>
internal static class SchemaDisjointness
{
    private const int MostCompared = 100;

    public static bool IsDisjoint(SchemaDocument document, IReadOnlyList<SchemaNode> schemas)
    {
        if (schemas.Count > MostCompared) return false;
        SchemaNode[] resolved = [.. schemas.Select(schema => schema.Get("$ref") is { } reference ? document.Resolve(reference) : schema)];
        for (int i = 0; i < resolved.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (!AreDisjoint(resolved[i], resolved[j])) return false;
            }
        }

        return true;
    }

    private static bool AreDisjoint(SchemaNode first, SchemaNode second)
    {
        if (Types(first) is { } types && Types(second) is { } others && !types.Overlaps(others)) return true;
        if (Values(first) is { } values && Values(second) is { } otherValues && !values.Overlaps(otherValues)) return true;
        return Required(first).Intersect(Required(second)).Any(name =>
            first.Get("properties")?.Get(name) is { } property && second.Get("properties")?.Get(name) is { } other && Values(property) is { } own && Values(other) is { } its && !own.Overlaps(its));
    }

    private static HashSet<string>? Types(SchemaNode schema)
    {
        if (schema.Get("type") is not { } type) return null;
        HashSet<string> types = [.. type.Element.ValueKind == JsonValueKind.Array ? type.Items().Select(static item => item.Text()) : [type.Text()]];
        if (types.Contains("number")) types.Add("integer");
        return types;
    }

    private static HashSet<string>? Values(SchemaNode schema) =>
        schema.Get("const") is { } value ? [JsonText.Compact(value.Element)]
        : schema.Get("enum") is { Element.ValueKind: JsonValueKind.Array } list ? [.. list.Items().Select(static item => JsonText.Compact(item.Element))]
        : null;

    private static IEnumerable<string> Required(SchemaNode schema) =>
        schema.Get("required") is { Element.ValueKind: JsonValueKind.Array } names ? names.Items().Select(static name => name.Text()) : [];
}
