using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json;
using Countersign.Cascade.Answers;

namespace Countersign.Cascade.Validators.Structure;

/// <summary>Makes JSON Schema of a tool's parameters: other words for types are understood, and an object that lists its properties has no others,
/// since an argument that the tool does not know is made up. An object that is described in parts (<c>allOf</c>, <c>if</c>, <c>$ref</c>, ...) has those of all the parts
/// that hold for it: no part is closed by itself.</summary>
internal sealed class ToolSchemas
{
    private static readonly FrozenSet<string> Values = new[] { "properties", "patternProperties", "items", "prefixItems", "additionalProperties" }.ToFrozenSet();
    private static readonly FrozenSet<string> Alternatives = new[] { "anyOf", "oneOf", "$defs", "definitions" }.ToFrozenSet();
    private static readonly FrozenSet<string> Parts = new[] { "allOf", "if", "then", "else", "not", "contains", "dependentSchemas" }.ToFrozenSet();
    private static readonly FrozenSet<string> Named = new[] { "properties", "patternProperties", "$defs", "definitions", "dependentSchemas" }.ToFrozenSet();
    private static readonly string[] Combining = ["allOf", "anyOf", "oneOf", "if", "dependentSchemas", "dependencies", "$ref", "$dynamicRef"];

    private readonly Utf8JsonWriter writer;
    private readonly ListedProperties listed;

    private ToolSchemas(Utf8JsonWriter writer, JsonElement root) => (this.writer, listed) = (writer, new ListedProperties(root));

    /// <summary>What a schema says of its value: all of it; one of several forms of it; or a part, which other parts may repeat.</summary>
    private enum Place { Whole, Form, Part }

    /// <summary>The schema to check arguments with.</summary>
    public static JsonElement Prepare(JsonElement parameters)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) new ToolSchemas(writer, parameters).Write(parameters, Place.Whole);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private void Write(JsonElement schema, Place place)
    {
        if (schema.ValueKind == JsonValueKind.Array) WriteList(schema, place);
        else if (schema.ValueKind != JsonValueKind.Object) schema.WriteTo(writer);
        else WriteObject(schema, place);
    }

    private void WriteObject(JsonElement schema, Place place)
    {
        writer.WriteStartObject();
        foreach (var member in schema.EnumerateObject()) WriteMember(member, place);
        if (place is Place.Whole && IsOpen(schema) && listed.By(schema)) writer.WriteBoolean(Combining.Any(word => schema.TryGetProperty(word, out _)) ? "unevaluatedProperties" : "additionalProperties", false);
        writer.WriteEndObject();
    }

    private void WriteList(JsonElement schemas, Place place)
    {
        writer.WriteStartArray();
        foreach (var item in schemas.EnumerateArray()) Write(item, place);
        writer.WriteEndArray();
    }

    private void WriteMember(JsonProperty member, Place place)
    {
        bool isType = member.NameEquals("type") && member.Value.ValueKind == JsonValueKind.String;
        string? word = isType ? TypeWords.Standard(member.Value.GetString()!) : null;
        if (isType && word is null) return;
        writer.WritePropertyName(member.Name);
        if (isType) writer.WriteStringValue(word);
        else if (Within(member.Name, place) is not { } within) member.Value.WriteTo(writer);
        else if (Named.Contains(member.Name)) WriteNamed(member.Value, within);
        else Write(member.Value, within);
    }

    private void WriteNamed(JsonElement schemas, Place place)
    {
        if (schemas.ValueKind != JsonValueKind.Object)
        {
            schemas.WriteTo(writer);
            return;
        }

        writer.WriteStartObject();
        foreach (var member in schemas.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            Write(member.Value, place);
        }

        writer.WriteEndObject();
    }

    /// <summary>The place of the schemas that a keyword holds; <c>null</c> where it holds none.</summary>
    private static Place? Within(string keyword, Place place)
    {
        if (Parts.Contains(keyword)) return Place.Part;
        Place? within = Values.Contains(keyword) ? Place.Whole : Alternatives.Contains(keyword) ? Place.Form : null;
        return place is Place.Part && within is not null ? Place.Part : within;
    }

    private static bool IsOpen(JsonElement schema) =>
        !schema.TryGetProperty("additionalProperties", out _) && !schema.TryGetProperty("unevaluatedProperties", out _) && !schema.TryGetProperty("patternProperties", out _);
}
