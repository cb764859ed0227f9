using System.Text.Json;
using System.Text.Json.Nodes;

namespace Countersign.Protocol.Dialects.Efforts;

/// <summary>Fills a form of <c>families.json</c>.</summary>
internal static class FieldTemplate
{
    /// <summary>The fields: <c>$switch</c> as a name, <c>$level</c> and <c>$budget</c> as values are replaced.</summary>
    public static JsonObject Fill(JsonElement template, string switchName, string? level, int budget)
    {
        var filled = new JsonObject();
        foreach (var field in template.EnumerateObject())
        {
            filled[field.Name == "$switch" ? switchName : field.Name] = field.Value.ValueKind == JsonValueKind.Object
                ? Fill(field.Value, switchName, level, budget)
                : ValueOf(field.Value, level, budget);
        }

        return filled;
    }

    private static JsonValue? ValueOf(JsonElement value, string? level, int budget) => value.ValueKind == JsonValueKind.String
        ? value.GetString() switch
        {
            "$level" => JsonValue.Create(level),
            "$budget" => JsonValue.Create(budget),
            var text => JsonValue.Create(text),
        }
        : JsonValue.Create(value);
}
