using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Json;

/// <summary>Reads upstream answers without trusting their form: what is missing or of another type reads as nothing.</summary>
internal static class AnswerJson
{
    /// <summary>Parses an upstream's JSON; the caller disposes it.</summary>
    /// <exception cref="ProblemException">It is no JSON object.</exception>
    public static JsonDocument Parse(ReadOnlySpan<byte> data)
    {
        try
        {
            var reader = new Utf8JsonReader(data);
            var document = JsonDocument.ParseValue(ref reader);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return document;
            document.Dispose();
        }
        catch (JsonException)
        {
            // Reported below. The exception quotes the body, which belongs in no error.
        }

        throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, "The upstream answered with something that is not a JSON object."));
    }

    /// <summary>The member <paramref name="name"/>, or an element of kind <see cref="JsonValueKind.Undefined"/>.</summary>
    public static JsonElement Member(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    /// <summary>The text of a member, or <c>null</c>.</summary>
    public static string? String(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    /// <summary>The whole number of a member, or <c>null</c>.</summary>
    public static long? Number(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number) ? number : null;

    /// <summary>The elements of a member that is an array; else none.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, ReadOnlySpan<byte> name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } value ? value.EnumerateArray() : [];

    /// <summary>Writes a number, or <c>null</c> where it is unknown.</summary>
    public static void WriteNumberOrNull(this Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
        else json.WriteNull(name);
    }
}
