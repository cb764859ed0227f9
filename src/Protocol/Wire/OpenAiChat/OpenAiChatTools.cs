using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Reads <c>tools</c> and <c>tool_choice</c>.</summary>
internal static class OpenAiChatTools
{
    public static IReadOnlyList<ToolDefinition> Read(WireValue value) => WireTools.Read(value, ReadOne);

    /// <summary>Reads the choice. One that is not known here (<c>allowed_tools</c>) stays among the extra fields.</summary>
    public static ToolChoice? ReadChoice(WireValue value, IReadOnlyList<ToolDefinition> tools, Dictionary<string, JsonElement> extra)
    {
        if (value.IsMissing) return null;
        var choice = value.IsText ? WireTools.ReadWord(value) : ReadNamed(value.IsObject ? value.Object() : throw value.Wrong("a string or an object"));
        if (choice is not null) return WireTools.Checked(choice, tools, value);
        extra["tool_choice"] = value.Element;
        return null;
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
            Name = WireTools.ReadName(function["name"]),
            Description = function["description"].TextOrNull(),
            Parameters = parameters.IsMissing ? null : parameters.Object().Element,
            Strict = function["strict"].FlagOrNull(),
            Wire = tool.Element,
        };
    }

    private static ToolChoice? ReadNamed(WireObject choice)
    {
        string type = choice["type"].Text();
        if (type is not ("function" or "custom")) return null;
        return new ToolChoice(ToolChoiceMode.Named, WireTools.ReadName(choice[type].Object()["name"]));
    }
}
