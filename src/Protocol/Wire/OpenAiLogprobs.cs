using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>Lists of tokens with their log-probabilities, as OpenAI's APIs write them.</summary>
internal static class OpenAiLogprobs
{
    /// <summary>Reads a list; entries without token or number are left out.</summary>
    public static List<TokenLogprob> Read(JsonElement list)
    {
        var tokens = new List<TokenLogprob>();
        foreach (var item in list.Items())
        {
            if (item.String("token"u8) is not { } token || ReadNumber(item.Member("logprob"u8)) is not { } logprob) continue;
            var top = item.Member("top_logprobs"u8);
            tokens.Add(new TokenLogprob(token, logprob, top.ValueKind == JsonValueKind.Array ? Read(top) : null, ReadBytes(item.Member("bytes"u8))));
        }

        return tokens;
    }

    /// <summary>Writes a list.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="isTop">Whether these are alternatives, which have none of their own.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<TokenLogprob> tokens, bool isTop = false)
    {
        json.WriteStartArray();
        foreach (var token in tokens)
        {
            json.WriteStartObject();
            json.WriteString("token"u8, token.Token);
            json.WriteNumber("logprob"u8, token.Logprob);
            WriteBytes(json, token.Bytes);
            if (!isTop)
            {
                json.WritePropertyName("top_logprobs"u8);
                Write(json, token.Top ?? [], isTop: true);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static byte[]? ReadBytes(JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array) return null;
        byte[] bytes = new byte[list.GetArrayLength()];
        int at = 0;
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Number || !item.TryGetByte(out bytes[at++])) return null;
        }

        return bytes;
    }

    private static void WriteBytes(Utf8JsonWriter json, IReadOnlyList<byte>? bytes)
    {
        if (bytes is null)
        {
            json.WriteNull("bytes"u8);
            return;
        }

        json.WriteStartArray("bytes"u8);
        foreach (byte value in bytes) json.WriteNumberValue(value);
        json.WriteEndArray();
    }

    private static double? ReadNumber(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
}
