using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Countersign.Engine.Tests.Sampling.Grammar;

/// <summary>A small JSON schema validator of its own, for the keywords that the generated answers are tested with.</summary>
internal static class SchemaCheck
{
    public static bool Holds(JsonElement root, JsonElement schema, JsonElement value)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return schema.ValueKind == JsonValueKind.True;
        return schema.EnumerateObject().All(keyword => Holds(root, schema, keyword.Name, keyword.Value, value));
    }

    private static bool Holds(JsonElement root, JsonElement schema, string keyword, JsonElement says, JsonElement value) => keyword switch
    {
        "$ref" => Holds(root, says.GetString()!.Split('/').Skip(1).Aggregate(root, static (at, name) => at.GetProperty(name)), value),
        "type" => says.ValueKind == JsonValueKind.Array ? says.EnumerateArray().Any(type => IsOf(type.GetString()!, value)) : IsOf(says.GetString()!, value),
        "enum" => says.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)),
        "const" => JsonElement.DeepEquals(says, value),
        "anyOf" => says.EnumerateArray().Any(one => Holds(root, one, value)),
        "properties" => value.ValueKind != JsonValueKind.Object || says.EnumerateObject().All(property => !value.TryGetProperty(property.Name, out JsonElement own) || Holds(root, property.Value, own)),
        "required" => value.ValueKind != JsonValueKind.Object || says.EnumerateArray().All(name => value.TryGetProperty(name.GetString()!, out _)),
        "additionalProperties" => value.ValueKind != JsonValueKind.Object || value.EnumerateObject().All(member => IsNamed(schema, member.Name) || Holds(root, says, member.Value)),
        "items" => value.ValueKind != JsonValueKind.Array || value.EnumerateArray().All(item => Holds(root, says, item)),
        "minItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= says.GetInt32(),
        "maxItems" => value.ValueKind != JsonValueKind.Array || value.GetArrayLength() <= says.GetInt32(),
        "minLength" => value.ValueKind != JsonValueKind.String || Length(value) >= says.GetInt32(),
        "maxLength" => value.ValueKind != JsonValueKind.String || Length(value) <= says.GetInt32(),
        "pattern" => value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, says.GetString()!, RegexOptions.ECMAScript),
        "format" => value.ValueKind != JsonValueKind.String || says.GetString() != "date" || DateOnly.TryParseExact(value.GetString(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _),
        "minimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= says.GetDecimal(),
        "maximum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= says.GetDecimal(),
        "exclusiveMinimum" => value.ValueKind != JsonValueKind.Number || value.GetDecimal() > says.GetDecimal(),
        "$defs" => true,
        _ => throw new NotSupportedException(keyword),
    };

    private static bool IsNamed(JsonElement schema, string name) => schema.TryGetProperty("properties", out JsonElement properties) && properties.TryGetProperty(name, out _);

    private static int Length(JsonElement value) => value.GetString()!.EnumerateRunes().Count();

    private static bool IsOf(string type, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Number => type == "number" || type == "integer" && value.GetDecimal() == decimal.Truncate(value.GetDecimal()),
        _ => value.ValueKind.ToString().Equals(type, StringComparison.OrdinalIgnoreCase),
    };
}
