using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Protocol.Wire.Json;

/// <summary>How JSON is written to callers and upstreams: compact, and text as text, not as escapes.</summary>
internal static class JsonOutput
{
    /// <summary>The relaxed encoder is right here: the bytes go out as JSON over HTTP, never into a page. Validation is off because every writer here is tested.</summary>
    public static JsonWriterOptions Options { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Writes a value byte for byte as it was read.</summary>
    public static void WriteRaw(this Utf8JsonWriter json, JsonElement value) =>
        json.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);

    /// <summary>Writes a field byte for byte as it was read.</summary>
    public static void WriteRaw(this Utf8JsonWriter json, string name, JsonElement value)
    {
        json.WritePropertyName(name);
        json.WriteRaw(value);
    }

    /// <summary>Writes those fields of an object whose names are wanted, byte for byte as they were read; of anything else none.</summary>
    public static void WriteFields(this Utf8JsonWriter json, JsonElement element, Func<string, bool> isWanted)
    {
        if (!element.IsObject()) return;
        foreach (var field in element.EnumerateObject())
        {
            if (isWanted(field.Name)) json.WriteRaw(field.Name, field.Value);
        }
    }

    /// <summary>Writes a text by itself, quoted.</summary>
    public static void WriteText(string text, IBufferWriter<byte> output)
    {
        output.Write("\""u8);
        output.Write(JsonEncodedText.Encode(text, Options.Encoder).EncodedUtf8Bytes);
        output.Write("\""u8);
    }
}
