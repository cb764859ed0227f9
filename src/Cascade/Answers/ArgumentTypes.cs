using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Countersign.Cascade.Answers;

/// <summary>Gives arguments the types that their schema asks for, where the value says the same: <c>"5"</c> is <c>5</c> where a number is wanted, <c>5</c> is <c>"5"</c> where text is.</summary>
internal static class ArgumentTypes
{
    /// <summary>The value with every such mistake mended; the same value where there was none.</summary>
    public static JsonElement Fit(JsonElement value, JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, value, schema);
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return document.RootElement.Clone();
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, JsonElement? schema)
    {
        string? type = schema is { ValueKind: JsonValueKind.Object } node && node.TryGetProperty("type", out var word) && word.ValueKind == JsonValueKind.String ? TypeWords.Standard(word.GetString()!) : null;
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: WriteObject(writer, value, schema); break;
            case JsonValueKind.Array: WriteArray(writer, value, Member(schema, "items")); break;
            case JsonValueKind.String when type is not (null or "string"): WriteMeant(writer, value, type, schema); break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False when type == "string": writer.WriteStringValue(value.GetRawText()); break;
            case JsonValueKind.Number when type == "integer": writer.WriteRawValue(JsonAnswer.CanonicalNumber(value.GetRawText())); break;
            default: value.WriteTo(writer); break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement value, JsonElement? schema)
    {
        var properties = Member(schema, "properties");
        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject())
        {
            writer.WritePropertyName(member.Name);
            Write(writer, member.Value, Member(properties, member.Name));
        }

        writer.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter writer, JsonElement value, JsonElement? items)
    {
        writer.WriteStartArray();
        foreach (var item in value.EnumerateArray()) Write(writer, item, items);
        writer.WriteEndArray();
    }

    /// <summary>Writes what a text means where something else is wanted; the text itself where it means nothing of that type.</summary>
    private static void WriteMeant(Utf8JsonWriter writer, JsonElement value, string type, JsonElement? schema)
    {
        string text = value.GetString()!.Trim();
        if (type is "integer" or "number" && IsNumber(text, type)) writer.WriteRawValue(JsonAnswer.CanonicalNumber(text));
        else if (type == "boolean" && bool.TryParse(text, out bool boolean)) writer.WriteBooleanValue(boolean);
        else if (type is "array" or "object" && NearJson.Read(text) is { Value: { } nested, Mends: var mends } && !mends.Contains(NearJson.TextAround) && (nested.ValueKind == JsonValueKind.Array) == (type == "array")) Write(writer, nested, schema);
        else value.WriteTo(writer);
    }

    // "01234" is a code; as a number it would lose its zero.
    private static bool IsNumber(string text, string type)
    {
        if (text.AsSpan().TrimStart('-') is ['0', >= '0' and <= '9', ..]) return false;
        var style = type == "integer" ? NumberStyles.AllowLeadingSign : NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return text.Length is > 0 and < 100 && text[0] is '-' or (>= '0' and <= '9') && decimal.TryParse(text, style, CultureInfo.InvariantCulture, out _);
    }

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } node && node.TryGetProperty(name, out var member) ? member : null;
}
