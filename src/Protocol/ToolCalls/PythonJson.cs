using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Writes Python values as JSON: tuples and sets as arrays, JSON's own words as themselves, other names as strings.</summary>
public static class PythonJson
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The members as a JSON object; <c>null</c> where a value has no JSON form (a call, infinity, a key that is no text or number).</summary>
    public static string? WriteObject(IEnumerable<KeyValuePair<string, PythonValue>> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Relaxed);
        writer.WriteStartObject();
        foreach (var (name, value) in members)
        {
            writer.WritePropertyName(name);
            if (!TryWrite(writer, value)) return null;
        }

        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool TryWrite(Utf8JsonWriter writer, PythonValue value)
    {
        switch (value)
        {
            case PythonText text: writer.WriteStringValue(text.Text); return true;
            case PythonName { Name: "true" or "false" or "null" } word: writer.WriteRawValue(word.Name); return true;
            case PythonName name: writer.WriteStringValue(name.Name); return true;
            case PythonInteger integer: writer.WriteRawValue(integer.Value.ToString(CultureInfo.InvariantCulture)); return true;
            case PythonFloat number when double.IsFinite(number.Value): writer.WriteNumberValue(number.Value); return true;
            case PythonBoolean boolean: writer.WriteBooleanValue(boolean.Value); return true;
            case PythonNone: writer.WriteNullValue(); return true;
            case PythonSequence sequence: return TryWriteArray(writer, sequence.Items);
            case PythonDictionary dictionary: return TryWriteMembers(writer, dictionary.Items);
            default: return false;
        }
    }

    private static bool TryWriteArray(Utf8JsonWriter writer, IReadOnlyList<PythonValue> items)
    {
        writer.WriteStartArray();
        bool done = items.All(item => TryWrite(writer, item));
        if (done) writer.WriteEndArray();
        return done;
    }

    private static bool TryWriteMembers(Utf8JsonWriter writer, IReadOnlyList<KeyValuePair<PythonValue, PythonValue>> items)
    {
        writer.WriteStartObject();
        foreach (var (key, value) in items)
        {
            if (NameOf(key) is not { } name) return false;
            writer.WritePropertyName(name);
            if (!TryWrite(writer, value)) return false;
        }

        writer.WriteEndObject();
        return true;
    }

    private static string? NameOf(PythonValue key) => key switch
    {
        PythonText text => text.Text,
        PythonName name => name.Name,
        PythonInteger integer => integer.Value.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };
}
