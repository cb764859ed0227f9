using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Countersign.Protocol.Wire.Json;

/// <summary>Reads upstream answers without trusting their form: what is missing or of another type reads as nothing; only what is no JSON at all is an error.</summary>
internal static class AnswerJson
{
    /// <summary>Parses an upstream's JSON; the caller disposes it. Bytes that are no UTF-8 become U+FFFD.</summary>
    /// <exception cref="ProblemException">It is no JSON object.</exception>
    public static AnswerDocument Parse(ReadOnlySpan<byte> data) => AnswerDocument.Parse(Utf8.IsValid(data) ? data : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(data)));

    /// <summary>Whether the element is an object that has the member.</summary>
    public static bool HasMember(this JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    /// <summary>The member <paramref name="name"/>, or an element of kind <see cref="JsonValueKind.Undefined"/>.</summary>
    public static JsonElement Member(this JsonElement element, ReadOnlySpan<byte> name)
    {
        if (element.ValueKind != JsonValueKind.Object) return default;
        try
        {
            return element.TryGetProperty(name, out var value) ? value : default;
        }
        catch (InvalidOperationException)
        {
            return default; // A name in the object is escaped half of a surrogate pair.
        }
    }

    public static bool IsObject(this JsonElement element) => element.ValueKind == JsonValueKind.Object;

    /// <summary>The text, or <c>null</c> where it is something else. Half a surrogate pair becomes U+FFFD.</summary>
    public static string? Text(this JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.String) return null;
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            return JsonText.Unescape(element.GetRawText().AsSpan()[1..^1]);
        }
    }

    /// <summary>A text that is not empty, or <c>null</c>.</summary>
    public static string? SomeText(this JsonElement element) => element.Text() is { Length: > 0 } text ? text : null;

    /// <summary>A whole number from 0, or <c>null</c>.</summary>
    public static long? Count(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out long count) && count >= 0 ? count : null;

    /// <summary>The elements of an array; of anything else none.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : default;

    /// <summary>The text of a member, or <c>null</c>.</summary>
    public static string? String(this JsonElement element, ReadOnlySpan<byte> name) => element.Member(name).Text();

    /// <summary>The whole number of a member, or <c>null</c>.</summary>
    public static long? Number(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    /// <summary>The elements of a member that is an array; else none.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement element, ReadOnlySpan<byte> name) => element.Member(name).Items();

    /// <summary>Writes a number, or <c>null</c> where it is unknown.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
