using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary><c>tools</c> and <c>tool_choice</c>, both ways.</summary>
internal static class AnthropicTools
{
    private const int LongestName = 256;

    public static List<ToolDefinition> Read(WireValue value)
    {
        var tools = new List<ToolDefinition>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in value.Items())
        {
            var tool = ReadOne(item.Object());
            if (tool.IsFunction && !names.Add(tool.Name)) throw ProblemException.Invalid($"Two tools have the name '{tool.Name}': give each its own.", item.Path);
            tools.Add(tool);
        }

        return tools;
    }

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
        string? name = mode == ToolChoiceMode.Named ? choice["name"].Text() : null;
        if (mode == ToolChoiceMode.Required && tools.Count == 0) throw ProblemException.Invalid("'tool_choice' demands a call, but 'tools' has none to call.", value.Path);
        if (name is not null && tools.All(tool => tool.Name != name)) throw ProblemException.Invalid($"'tool_choice' names '{name}', which is not among 'tools'.", value.Path);
        return new ToolChoice(mode, name);
    }

    public static bool? ReadParallel(WireValue choice) => !choice.ObjectOrNull()?["disable_parallel_tool_use"].FlagOrNull();

    public static void Write(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            if (tool.Wire is { } wire && request.Api == WireApiKind.AnthropicMessages) json.WriteRaw(wire);
            else if (tool.IsFunction) WriteFunction(json, tool);
            else throw ProblemException.Invalid($"The tool '{tool.Name}' is its provider's own and cannot be carried to the model asked, whose server speaks Anthropic's API.", "tools");
        }

        json.WriteEndArray();
    }

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
        string name = tool["name"].Text();
        if (name.Length is 0 or > LongestName) throw tool["name"].Wrong($"a name of 1 to {LongestName} characters");
        return new ToolDefinition
        {
            Name = name,
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
