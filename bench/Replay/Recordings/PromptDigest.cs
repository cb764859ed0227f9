using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Countersign.Replay.Recordings;

/// <summary>Finds a recorded question again by what a request asks: roles and texts of its messages, names and parameters of its tools.
/// Whatever else a gateway may set (sampling, limits, streaming) does not matter.</summary>
internal static class PromptDigest
{
    /// <summary>The digest of a request of OpenAI's chat API.</summary>
    public static string Of(JsonElement request)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var message in Items(request, "messages")) WriteMessage(json, message);
            foreach (var tool in Items(request, "tools")) WriteTool(json, tool);
            json.WriteEndArray();
        }

        return Convert.ToHexString(SHA256.HashData(buffer.WrittenSpan));
    }

    private static void WriteMessage(Utf8JsonWriter json, JsonElement message)
    {
        json.WriteStringValue(Text(message, "role"));
        json.WriteStringValue(string.Concat(Items(message, "content").Select(part => Text(part, "text"))) + Text(message, "content"));
    }

    private static void WriteTool(Utf8JsonWriter json, JsonElement tool)
    {
        if (!tool.TryGetProperty("function", out var function)) return;
        json.WriteStringValue(Text(function, "name"));
        if (function.TryGetProperty("parameters", out var parameters)) parameters.WriteTo(json);
    }

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : Enumerable.Empty<JsonElement>();

    private static string? Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
