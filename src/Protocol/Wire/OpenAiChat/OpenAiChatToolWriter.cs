using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Writes <c>tools</c>, <c>tool_choice</c> and <c>response_format</c>.</summary>
internal static class OpenAiChatToolWriter
{
    public static void WriteTools(Utf8JsonWriter json, ChatRequest request) => WireTools.Write(json, request, WireApiKind.OpenAiChat, "OpenAI's chat", WriteFunction);

    public static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (choice.Mode != ToolChoiceMode.Named)
        {
            json.WriteString("tool_choice"u8, WireTools.WordOf(choice.Mode));
            return;
        }

        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, choice.Name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteFormat(Utf8JsonWriter json, ResponseFormat format)
    {
        json.WriteStartObject("response_format"u8);
        json.WriteString("type"u8, format.Kind switch { ResponseFormatKind.JsonSchema => "json_schema", ResponseFormatKind.JsonObject => "json_object", _ => "text" });
        if (format.Kind == ResponseFormatKind.JsonSchema)
        {
            json.WriteStartObject("json_schema"u8);
            json.WriteString("name"u8, format.Name ?? "answer");
            if (format.Description is { } description) json.WriteString("description"u8, description);
            if (format.Schema is { } schema) json.WriteRaw("schema", schema);
            if (format.Strict is { } strict) json.WriteBoolean("strict"u8, strict);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteFunction(Utf8JsonWriter json, ToolDefinition tool)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description) json.WriteString("description"u8, description);
        if (tool.Parameters is { } parameters) json.WriteRaw("parameters", parameters);
        if (tool.Strict is { } strict) json.WriteBoolean("strict"u8, strict);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
