using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Messages;

/// <summary>The variable <c>tools</c>: OpenAI's function objects, or None.</summary>
internal static class ToolValues
{
    public static Value Of(IReadOnlyList<ToolDefinition> tools) =>
        tools.Count == 0 ? NoneValue.Instance : new ListValue([.. tools.Select(ToolValue)]);

    private static DictValue ToolValue(ToolDefinition tool)
    {
        if (!tool.IsFunction) throw ProblemException.Invalid($"The tool '{tool.Name}' belongs to its own API and cannot be offered to this model: leave it out.", "tools");
        var function = new DictValue();
        function.Set("name", new StringValue(tool.Name));
        if (tool.Description is { } description) function.Set("description", new StringValue(description));
        if (tool.Parameters is { } parameters) function.Set("parameters", JsonValues.Of(parameters));
        var value = new DictValue();
        value.Set("type", new StringValue("function"));
        value.Set("function", function);
        return value;
    }
}
