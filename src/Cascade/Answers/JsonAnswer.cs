using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Cascade.Answers;

/// <summary>JSON in one spelling.</summary>
internal static class JsonAnswer
{
    // Beyond so many zeros a number is written with an exponent; beyond that exponent it keeps its spelling.
    private const int MaxZeros = 40, MaxExponent = 1_000_000_000;

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

    /// <summary>A number in its one, shortest form, exact at any size: <c>1.50</c> is <c>1.5</c>, <c>1e2</c> is <c>100</c>, far beyond that <c>1e50</c>. Two numbers have one form only if they are equal.</summary>
    public static string CanonicalNumber(string number)
    {
        int power = number.AsSpan().IndexOfAny('e', 'E');
        if (!int.TryParse(power < 0 ? "0" : number[(power + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent) || Math.Abs((long)exponent) > MaxExponent) return number;
        string mantissa = power < 0 ? number : number[..power];
        int point = mantissa.IndexOf('.', StringComparison.Ordinal);
        if (point >= 0) exponent -= mantissa.Length - point - 1;
        string written = mantissa.TrimStart('-', '+').Replace(".", "", StringComparison.Ordinal).TrimStart('0');
        string digits = written.TrimEnd('0');
        return digits.Length == 0 ? "0" : (number[0] == '-' ? "-" : "") + Plain(digits, exponent + written.Length - digits.Length);
    }

    private static string Plain(string digits, int exponent)
    {
        int point = digits.Length + exponent;
        if (exponent is >= 0 and <= MaxZeros) return digits + new string('0', exponent);
        if (exponent < 0 && point > 0) return digits.Insert(point, ".");
        return exponent < 0 && point > -MaxZeros ? $"0.{new string('0', -point)}{digits}" : $"{digits}e{exponent}";
    }
}
