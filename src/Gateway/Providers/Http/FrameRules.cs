using System.Text.Json;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Which frames of a stream must be understood although they are passed on as they are. A false alarm costs a look, so that these rules need not parse.</summary>
internal static class FrameRules
{
    /// <summary>Whether the frame may say something of finish, usage, or an error.</summary>
    public static bool IsOfInterest(WireApiKind api, ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data) => api switch
    {
        WireApiKind.OpenAiChat => data is [not (byte)'{', ..] || !eventType.IsEmpty || HasValue(data, "\"finish_reason\""u8) || HasUsage(data) || HasValue(data, "\"error\""u8),
        WireApiKind.AnthropicMessages => !eventType.StartsWith("content_block"u8) && !eventType.SequenceEqual("ping"u8),
        _ => eventType.IsEmpty || eventType.SequenceEqual("error"u8) || eventType.SequenceEqual("response.created"u8) || IsLast(api, eventType, data),
    };

    /// <summary>Whether the frame may hold a thought (an answer that is nothing else is told of).</summary>
    public static bool MayThink(WireApiKind api, ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data) => api switch
    {
        WireApiKind.OpenAiChat => HasText(data, "\"reasoning_content\""u8) || HasText(data, "\"reasoning\""u8),
        WireApiKind.AnthropicMessages => data.IndexOf("thinking_delta"u8) >= 0,
        _ => eventType.StartsWith("response.reasoning"u8) && eventType.EndsWith(".delta"u8),
    };

    /// <summary>Whether the frame may hold some of the answer proper: text, or a call.</summary>
    public static bool MayAnswer(WireApiKind api, ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data) => api switch
    {
        WireApiKind.OpenAiChat => HasText(data, "\"content\""u8) || HasValue(data, "\"tool_calls\""u8),
        WireApiKind.AnthropicMessages => data.IndexOf("text_delta"u8) >= 0 || data.IndexOf("tool_use"u8) >= 0,
        _ => eventType.SequenceEqual("response.output_text.delta"u8) || (eventType.SequenceEqual("response.output_item.added"u8) && data.IndexOf("_call\""u8) >= 0),
    };

    /// <summary>Whether the frame says no more than that an answer is coming, so that a failure after it can still be another deployment's turn. Where that is in doubt, it says more.</summary>
    public static bool IsHead(WireApiKind api, ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data) => api switch
    {
        WireApiKind.OpenAiChat => data is [(byte)'{', ..] && !MayAnswer(api, eventType, data) && !MayThink(api, eventType, data) && SaysNothing(data),
        WireApiKind.AnthropicMessages => eventType.SequenceEqual("message_start"u8) || eventType.SequenceEqual("ping"u8),
        WireApiKind.Gemini => false,
        _ => eventType.SequenceEqual("response.created"u8) || eventType.SequenceEqual("response.in_progress"u8) || eventType.SequenceEqual("response.queued"u8) || eventType.SequenceEqual("keepalive"u8),
    };

    /// <summary>Whether the frame ends the stream. Gemini's have no such frame: they end with their body.</summary>
    public static bool IsLast(WireApiKind api, ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data) => api switch
    {
        WireApiKind.OpenAiChat => data.StartsWith("[DONE]"u8),
        WireApiKind.AnthropicMessages => eventType.SequenceEqual("message_stop"u8),
        WireApiKind.Gemini => false,
        _ => eventType.SequenceEqual("response.completed"u8) || eventType.SequenceEqual("response.incomplete"u8) || eventType.SequenceEqual("response.failed"u8)
            || eventType.SequenceEqual("response.cancelled"u8),
    };

    /// <summary>Whether the frame ends the stream as a failed one, as only OpenAI's Responses API has it.</summary>
    public static bool IsFailure(WireApiKind api, ReadOnlySpan<byte> eventType) => api == WireApiKind.OpenAiResponses && eventType.SequenceEqual("response.failed"u8);

    /// <summary>Whether the frame is the one that only brings the usage of an OpenAI chat stream (<c>choices</c> is empty): for a client who did not ask for it, it must not be there.</summary>
    public static bool IsUsageAlone(ReadOnlySpan<byte> data)
    {
        if (!HasUsage(data)) return false;
        int at = data.IndexOf("\"choices\""u8);
        if (at < 0) return false;
        var value = data[(at + "\"choices\""u8.Length)..].TrimStart(" :\t"u8);
        return value is [(byte)'[', ..] && value[1..].TrimStart((byte)' ') is [(byte)']', ..];
    }

    /// <summary>Whether the choices of a chunk hold nothing but indices, roles and empty values.</summary>
    private static bool SaysNothing(ReadOnlySpan<byte> data)
    {
        var json = new Utf8JsonReader(data);
        bool inChoices = false;
        try
        {
            while (json.Read())
            {
                if (json.TokenType == JsonTokenType.PropertyName)
                {
                    if (json.CurrentDepth == 1) inChoices = json.ValueTextEquals("choices"u8);
                    else if (json.ValueTextEquals("index"u8) || json.ValueTextEquals("role"u8)) json.Skip();
                }
                else if (inChoices && (json.TokenType is JsonTokenType.Number or JsonTokenType.True || (json.TokenType == JsonTokenType.String && !json.ValueSpan.IsEmpty)))
                {
                    return false;
                }
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasUsage(ReadOnlySpan<byte> data) => HasValue(data, "\"usage\""u8);

    /// <summary>Whether the key has a text that is not empty.</summary>
    private static bool HasText(ReadOnlySpan<byte> data, ReadOnlySpan<byte> key) => !TextOf(data, key).IsEmpty;

    /// <summary>The key's first text that is not empty, as JSON writes it, without its quotes.</summary>
    public static ReadOnlySpan<byte> TextOf(ReadOnlySpan<byte> data, ReadOnlySpan<byte> key)
    {
        for (int at; (at = data.IndexOf(key)) >= 0;)
        {
            data = data[(at + key.Length)..];
            if (data.TrimStart(" :\t"u8) is not [(byte)'"', not (byte)'"', ..] text) continue;
            text = text[1..];
            int end = 0;
            while (end < text.Length && text[end] != '"') end += text[end] == '\\' ? 2 : 1;
            return text[..Math.Min(end, text.Length)];
        }

        return default;
    }

    // Within a text the quotes would be escaped, so that a key found like this is one.
    private static bool HasValue(ReadOnlySpan<byte> data, ReadOnlySpan<byte> key)
    {
        for (int at; (at = data.IndexOf(key)) >= 0;)
        {
            data = data[(at + key.Length)..];
            if (data.TrimStart(" :\t"u8) is [not (byte)'n', ..]) return true;
        }

        return false;
    }
}
