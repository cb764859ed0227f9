using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary><c>tools</c> and <c>tool_choice</c>, both ways. Functions stand flat here; all other tools are OpenAI's own.</summary>
internal static class ResponsesTools
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

    /// <summary>Reads the choice. One that is not known here (<c>allowed_tools</c>, a built-in tool) stays among the extra fields.</summary>
    public static ToolChoice? ReadChoice(WireValue value, IReadOnlyList<ToolDefinition> tools, Dictionary<string, JsonElement> extra)
    {
        if (value.IsMissing) return null;
        if (value.IsText) return ReadWord(value, tools);
        var choice = value.IsObject ? value.Object() : throw value.Wrong("a string or an object");
        if (choice["type"].Text() != "function")
        {
            extra["tool_choice"] = value.Element;
            return null;
        }

        string name = choice["name"].Text();
        if (tools.All(tool => tool.Name != name)) throw ProblemException.Invalid($"'tool_choice' names '{name}', which is not among 'tools'.", value.Path);
        return new ToolChoice(ToolChoiceMode.Named, name);
    }

    public static void Write(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            if (tool.Wire is { } wire && request.Api == WireApiKind.OpenAiResponses) json.WriteRaw(wire);
            else if (tool.IsFunction) WriteFunction(json, tool);
            else throw ProblemException.Invalid($"The tool '{tool.Name}' is its provider's own and cannot be carried to the model asked, whose server speaks OpenAI's Responses API.", "tools");
        }

        json.WriteEndArray();
    }

    public static void WriteChoice(Utf8JsonWriter json, ToolChoice choice)
    {
        if (choice.Mode != ToolChoiceMode.Named)
        {
            json.WriteString("tool_choice"u8, choice.Mode switch { ToolChoiceMode.None => "none", ToolChoiceMode.Required => "required", _ => "auto" });
            return;
        }

        json.WriteStartObject("tool_choice"u8);
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, choice.Name);
        json.WriteEndObject();
    }

    private static ToolChoice ReadWord(WireValue value, IReadOnlyList<ToolDefinition> tools)
    {
        var mode = value.Text() switch
        {
            "auto" => ToolChoiceMode.Auto,
            "none" => ToolChoiceMode.None,
            "required" => ToolChoiceMode.Required,
            _ => throw value.Wrong("'auto', 'none', 'required' or an object that names a tool"),
        };
        if (mode == ToolChoiceMode.Required && tools.Count == 0) throw ProblemException.Invalid("'tool_choice' demands a call, but 'tools' has none to call.", value.Path);
        return new ToolChoice(mode);
    }

    private static ToolDefinition ReadOne(WireObject tool)
    {
        string type = tool["type"].Text();
        if (type != "function") return new ToolDefinition { Name = tool["name"].TextOrNull() ?? type, IsFunction = false, Wire = tool.Element };
        string name = tool["name"].Text();
        if (name.Length is 0 or > LongestName) throw tool["name"].Wrong($"a name of 1 to {LongestName} characters");
        return new ToolDefinition
        {
            Name = name,
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
