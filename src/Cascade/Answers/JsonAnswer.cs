using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Cascade.Answers;

/// <summary>JSON in one spelling.</summary>
internal static class JsonAnswer
{
    // Longer numbers keep their spelling: reading them takes more than linear time.
    private const int MaxDigits = 1000;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The canonical form of a text that is JSON, or nearly; <c>null</c> where it is not.</summary>
    public static string? Canonical(string text) => NearJson.Read(text).Value is { } value ? Canonical(value) : null;

    /// <summary>The value without white space, members sorted by name, numbers in their shortest form.</summary>
    public static string Canonical(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Relaxed)) Write(writer, value);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object: WriteObject(writer, value); break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number: writer.WriteRawValue(CanonicalNumber(value.GetRawText())); break;
            default: value.WriteTo(writer); break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement value)
    {
        writer.WriteStartObject();
        foreach (var member in value.EnumerateObject().GroupBy(member => member.Name).Select(group => group.Last()).OrderBy(member => member.Name, StringComparer.Ordinal))
        {
            writer.WritePropertyName(member.Name);
            Write(writer, member.Value);
        }

        writer.WriteEndObject();
    }

    /// <summary>A number in its shortest form: <c>1.50</c> is <c>1.5</c>, <c>1e2</c> is <c>100</c>. Exact up to 28 digits, whole numbers at any size.</summary>
    public static string CanonicalNumber(string number)
    {
        if (number.Length > MaxDigits) return number;
        if (!number.AsSpan().ContainsAny('.', 'e', 'E')) return BigInteger.Parse(number, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);
        if (decimal.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal exact) && (exact != 0 || !number.AsSpan().ContainsAny("eE")))
        {
            return (exact / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture);
        }

        return double.Parse(number, CultureInfo.InvariantCulture) is var value && double.IsFinite(value) ? value.ToString("R", CultureInfo.InvariantCulture) : number;
    }
}
