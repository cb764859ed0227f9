using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Writes content blocks, the same in requests and answers.</summary>
internal static class AnthropicBlocks
{
    /// <summary>A text block.</summary>
    public static void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "text"u8);
        json.WriteString("text"u8, text);
        json.WriteEndObject();
    }

    /// <summary>A thinking block; unsealed thoughts have an empty signature.</summary>
    public static void WriteThinking(Utf8JsonWriter json, string thinking, string signature)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "thinking"u8);
        json.WriteString("thinking"u8, thinking);
        json.WriteString("signature"u8, signature);
        json.WriteEndObject();
    }

    /// <summary>Encrypted thinking.</summary>
    public static void WriteRedacted(Utf8JsonWriter json, string data)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "redacted_thinking"u8);
        json.WriteString("data"u8, data);
        json.WriteEndObject();
    }

    /// <summary>A tool call under <paramref name="id"/>. <c>false</c> where its arguments are no JSON object, as <see cref="CallArguments"/> says.
    /// In an answer it says who calls: the model itself (Anthropic's .NET client demands that).</summary>
    public static bool WriteToolUse(Utf8JsonWriter json, string id, ToolCall call, bool isAnswer)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_use"u8);
        json.WriteString("id"u8, id);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("input"u8);
        bool isObject = CallArguments.Write(json, call.Arguments);
        if (isAnswer)
        {
            json.WriteStartObject("caller"u8);
            json.WriteString("type"u8, "direct"u8);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        return isObject;
    }
}
