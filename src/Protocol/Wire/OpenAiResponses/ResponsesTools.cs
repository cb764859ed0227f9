using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary><c>tools</c> and <c>tool_choice</c>, both ways. Functions stand flat here; all other tools are OpenAI's own.</summary>
internal static class ResponsesTools
{
    public static IReadOnlyList<ToolDefinition> Read(WireValue value) => WireTools.Read(value, ReadOne);

    /// <summary>Reads the choice. One that is not known here (<c>allowed_tools</c>, a built-in tool) stays among the extra fields.</summary>
    public static ToolChoice? ReadChoice(WireValue value, IReadOnlyList<ToolDefinition> tools, Dictionary<string, JsonElement> extra)
    {
        if (value.IsMissing) return null;
        if (value.IsText) return WireTools.Checked(WireTools.ReadWord(value), tools, value);
        var choice = value.IsObject ? value.Object() : throw value.Wrong("a string or an object");
        if (choice["type"].Text() == "function") return WireTools.Checked(new ToolChoice(ToolChoiceMode.Named, choice["name"].Text()), tools, value);
        extra["tool_choice"] = value.Element;
        return null;
    }

    public static void Write(Utf8JsonWriter json, ChatRequest request) => WireTools.Write(json, request, WireApiKind.OpenAiResponses, "OpenAI's Responses", WriteFunction);

    public static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (choice.Mode != ToolChoiceMode.Named)
        {
            json.WriteString("tool_choice"u8, WireTools.WordOf(choice.Mode));
            return;
        }

        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, choice.Name);
        json.WriteEndObject();
    }

    private static ToolDefinition ReadOne(WireObject tool)
    {
        string type = tool["type"].Text();
        if (type != "function") return new ToolDefinition { Name = tool["name"].TextOrNull() ?? type, IsFunction = false, Wire = tool.Element };
        return new ToolDefinition
        {
            Name = WireTools.ReadName(tool["name"]),
            Description = tool["description"].TextOrNull(),
            Parameters = tool["parameters"].IsMissing ? null : tool["parameters"].Object().Element,
            Strict = tool["strict"].FlagOrNull(),
            Wire = tool.Element,
        };
    }

    private static void WriteFunction(Utf8JsonWriter json, ToolDefinition tool)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description) json.WriteString("description"u8, description);
        if (tool.Parameters is { } parameters)
        {
            json.WriteRaw("parameters", parameters);
        }
        else
        {
            json.WriteStartObject("parameters"u8);
            json.WriteString("type"u8, "object"u8);
            json.WriteStartObject("properties"u8);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteBoolean("strict"u8, tool.Strict ?? false); // the API's own default is true, unlike everyone else's
        json.WriteEndObject();
    }
}
