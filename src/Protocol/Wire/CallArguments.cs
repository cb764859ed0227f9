using System.Text.Json;

namespace Countersign.Protocol.Wire;

/// <summary>Arguments of tool calls for APIs that take an object, not a text.</summary>
internal static class CallArguments
{
    /// <summary>Writes them as an object. What is none goes under <c>INVALID_JSON</c>, as Anthropic's documentation advises for broken arguments; <c>false</c> then.</summary>
    public static bool Write(Utf8JsonWriter json, string arguments)
    {
        if (string.IsNullOrWhiteSpace(arguments)) arguments = "{}";
        if (IsObject(arguments))
        {
            json.WriteRawValue(arguments, skipInputValidation: true);
            return true;
        }

        json.WriteStartObject();
        json.WriteString("INVALID_JSON"u8, arguments);
        json.WriteEndObject();
        return false;
    }

    private static bool IsObject(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            return document.RootElement.ValueKind == JsonValueKind.Object;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
