using System.Buffers;
using System.Text.Json;
using Countersign.Cascade.Answers;

namespace Countersign.Cascade.Validators.Structure;

/// <summary>Makes JSON Schema of a tool's parameters: other words for types are understood, and an object that lists its properties has no others,
/// since an argument that the tool does not know is made up.</summary>
internal static class ToolSchemas
{
    /// <summary>The schema to check arguments with.</summary>
    public static JsonElement Prepare(JsonElement parameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, parameters, isSchema: true);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, bool isSchema)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            WriteOther(writer, value, isSchema);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject()) WriteMember(writer, member, isSchema);
        bool closes = isSchema && value.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object && !value.TryGetProperty("additionalProperties", out _) && !IsCombined(value);
        if (closes) writer.WriteBoolean("additionalProperties", false);
        writer.WriteEndObject();
    }

    private static void WriteOther(Utf8JsonWriter writer, JsonElement value, bool isSchema)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            value.WriteTo(writer);
            return;
        }

        writer.WriteStartArray();
        foreach (var item in value.EnumerateArray()) Write(writer, item, isSchema);
        writer.WriteEndArray();
    }

    private static void WriteMember(Utf8JsonWriter writer, JsonProperty member, bool isSchema)
    {
        bool isType = isSchema && member.NameEquals("type") && member.Value.ValueKind == JsonValueKind.String;
        if (isType && TypeWords.Standard(member.Value.GetString()!) is not { } word) return;
        writer.WritePropertyName(member.Name);
        if (isType) writer.WriteStringValue(TypeWords.Standard(member.Value.GetString()!));
        else if (!isSchema) Write(writer, member.Value, isSchema: true); // the members of "properties" and "$defs" are schemas by name
        else if (member.Name is "properties" or "$defs" or "definitions" or "patternProperties" or "dependentSchemas") Write(writer, member.Value, isSchema: false);
        else if (member.Name is "items" or "additionalProperties" or "anyOf" or "oneOf" or "allOf" or "prefixItems" or "not" or "if" or "then" or "else" or "contains") Write(writer, member.Value, isSchema: true);
        else member.Value.WriteTo(writer);
    }

    private static bool IsCombined(JsonElement schema) =>
        schema.TryGetProperty("allOf", out _) || schema.TryGetProperty("anyOf", out _) || schema.TryGetProperty("oneOf", out _) || schema.TryGetProperty("$ref", out _) || schema.TryGetProperty("patternProperties", out _);
}
