using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>.</summary>
internal static class OpenAiChatTools
{
    private const int LongestName = 256;

    public static IReadOnlyList<ToolDefinition> Read(WireValue value)
    {
        if (value.IsMissing) return [];
        var tools = new List<ToolDefinition>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in value.Items())
        {
            var tool = ReadOne(item.Object());
            if (tool.IsFunction && !names.Add(tool.Name))
                throw ProblemException.Invalid($"Two tools have the name '{tool.Name}': give each its own.", item.Path);
            tools.Add(tool);
        }

        return tools;
    }

    /// <summary>Reads the choice. One that is not known here (<c>allowed_tools</c>) stays among the extra fields.</summary>
    public static ToolChoice? ReadChoice(WireValue value, IReadOnlyList<ToolDefinition> tools, Dictionary<string, JsonElement> extra)
    {
        if (value.IsMissing) return null;
        var choice = value.IsText ? ReadWord(value) : ReadNamed(value.IsObject ? value.Object() : throw value.Wrong("a string or an object"));
        if (choice is null) extra["tool_choice"] = value.Element;
        else CheckTools(choice, tools, value);
        return choice;
    }

    private static ToolDefinition ReadOne(WireObject tool)
    {
        string type = tool["type"].TextOrNull() ?? "function";
        if (type != "function")
        {
            string name = tool[type].IsObject ? tool[type].Object()["name"].TextOrNull() ?? type : type;
            return new ToolDefinition { Name = name, IsFunction = false, Wire = tool.Element };
        }

        var function = tool["function"].Object();
        var parameters = function["parameters"];
        return new ToolDefinition
        {
            Name = ReadName(function["name"]),
            Description = function["description"].TextOrNull(),
            Parameters = parameters.IsMissing ? null : parameters.Object().Element,
            Strict = function["strict"].FlagOrNull(),
            Wire = tool.Element,
        };
    }

    private static string ReadName(WireValue value) =>
        value.Text() is { Length: > 0 and <= LongestName } name ? name : throw value.Wrong($"a name of 1 to {LongestName} characters");

    private static ToolChoice ReadWord(WireValue value) => value.Text() switch
    {
        "auto" => new ToolChoice(ToolChoiceMode.Auto),
        "none" => new ToolChoice(ToolChoiceMode.None),
        "required" or "any" => new ToolChoice(ToolChoiceMode.Required), // Mistral says any
        _ => throw value.Wrong("'auto', 'none', 'required' or an object that names a tool"),
    };

    private static ToolChoice? ReadNamed(WireObject choice)
    {
        string type = choice["type"].Text();
        if (type is not ("function" or "custom")) return null;
        return new ToolChoice(ToolChoiceMode.Named, ReadName(choice[type].Object()["name"]));
    }

    private static void CheckTools(ToolChoice choice, IReadOnlyList<ToolDefinition> tools, WireValue value)
    {
        if (choice.Mode == ToolChoiceMode.Required && tools.Count == 0)
            throw ProblemException.Invalid("'tool_choice' demands a call, but 'tools' has none to call.", value.Path);
        if (choice.Mode == ToolChoiceMode.Named && tools.All(tool => tool.Name != choice.Name))
            throw ProblemException.Invalid($"'tool_choice' names '{choice.Name}', which is not among 'tools'.", value.Path);
    }
}
