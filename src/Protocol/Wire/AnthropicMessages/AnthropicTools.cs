using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary><c>tools</c> and <c>tool_choice</c>, both ways.</summary>
internal static class AnthropicTools
{
    public static IReadOnlyList<ToolDefinition> Read(WireValue value) => WireTools.Read(value, ReadOne);

    public static ToolChoice? ReadChoice(WireValue value, IReadOnlyList<ToolDefinition> tools)
    {
        if (value.ObjectOrNull() is not { } choice) return null;
        var mode = choice["type"].Text() switch
        {
            "auto" => ToolChoiceMode.Auto,
            "any" => ToolChoiceMode.Required,
            "none" => ToolChoiceMode.None,
            "tool" => ToolChoiceMode.Named,
            _ => throw choice["type"].Wrong("'auto', 'any', 'tool' or 'none'"),
        };
        return WireTools.Checked(new ToolChoice(mode, mode == ToolChoiceMode.Named ? choice["name"].Text() : null), tools, value);
    }

    public static bool? ReadParallel(WireValue choice) => !choice.ObjectOrNull()?["disable_parallel_tool_use"].FlagOrNull();

    public static void Write(Utf8JsonWriter json, ChatRequest request) => WireTools.Write(json, request, WireApiKind.AnthropicMessages, "Anthropic's", WriteFunction);

    /// <summary>Writes the choice, which is also the place of the wish for one call at a time.</summary>
    public static void WriteChoice(Utf8JsonWriter json, ToolChoice? choice, bool? parallel)
    {
        var mode = choice?.Mode ?? ToolChoiceMode.Auto;
        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, mode switch { ToolChoiceMode.None => "none", ToolChoiceMode.Required => "any", ToolChoiceMode.Named => "tool", _ => "auto" });
        if (choice?.Name is { } name) json.WriteString("name"u8, name);
        if (parallel is { } several && mode != ToolChoiceMode.None) json.WriteBoolean("disable_parallel_tool_use"u8, !several);
        json.WriteEndObject();
    }

    private static ToolDefinition ReadOne(WireObject tool)
    {
        string type = tool["type"].TextOrNull() ?? "custom";
        if (type != "custom") return new ToolDefinition { Name = tool["name"].TextOrNull() ?? type, IsFunction = false, Wire = tool.Element };
        return new ToolDefinition
        {
            Name = WireTools.ReadName(tool["name"]),
            Description = tool["description"].TextOrNull(),
            Parameters = tool["input_schema"].Object().Element,
            Strict = tool["strict"].FlagOrNull(),
            Wire = tool.Element,
        };
    }

    private static void WriteFunction(Utf8JsonWriter json, ToolDefinition tool)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is { } description) json.WriteString("description"u8, description);
        if (tool.Parameters is { } parameters)
        {
            json.WriteRaw("input_schema", parameters);
        }
        else
        {
            json.WriteStartObject("input_schema"u8);
            json.WriteString("type"u8, "object"u8);
            json.WriteEndObject();
        }

        if (tool.Strict == true) json.WriteBoolean("strict"u8, true);
        json.WriteEndObject();
    }
}
