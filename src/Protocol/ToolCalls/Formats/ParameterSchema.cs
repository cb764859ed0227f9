using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.ToolCalls;

/// <summary>What a tool's schema says of one parameter.</summary>
internal static class ParameterSchema
{
    /// <summary>The parameter's schema; <c>null</c> where the tool has none of that name.</summary>
    public static JsonElement? Of(ToolDefinition? tool, string name)
    {
        if (tool?.Parameters is not { ValueKind: JsonValueKind.Object } schema || !schema.TryGetProperty("properties", out var properties) || properties.ValueKind != JsonValueKind.Object) return null;
        foreach (var property in properties.EnumerateObject())
        {
            if (property.NameEquals(name)) return property.Value; // Compared one by one: a lookup throws on a name with half a surrogate pair.
        }

        return null;
    }

    /// <summary>The JSON types that a value may have; empty where the schema does not say.</summary>
    public static IReadOnlySet<string> TypesOf(JsonElement? schema)
    {
        var types = new HashSet<string>(StringComparer.Ordinal);
        if (schema is { ValueKind: JsonValueKind.Object } known) AddTypes(known, types, depth: 0);
        return types;
    }

    private static void AddTypes(JsonElement schema, HashSet<string> types, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > 4) return;
        if (schema.TryGetProperty("type", out var type)) AddNames(type, types);
        else if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array) types.UnionWith(values.EnumerateArray().Select(TypeOf));
        else if (schema.TryGetProperty("const", out var value)) types.Add(TypeOf(value));
        foreach (string key in (ReadOnlySpan<string>)["anyOf", "oneOf"])
        {
            if (!schema.TryGetProperty(key, out var choices) || choices.ValueKind != JsonValueKind.Array) continue;
            foreach (var choice in choices.EnumerateArray()) AddTypes(choice, types, depth + 1);
        }
    }

    private static void AddNames(JsonElement type, HashSet<string> types)
    {
        if (type.ValueKind == JsonValueKind.String) types.Add(type.GetString()!);
        if (type.ValueKind == JsonValueKind.Array) types.UnionWith(type.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.String).Select(name => name.GetString()!));
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "array",
        JsonValueKind.Null => "null",
        _ => "object",
    };
}
