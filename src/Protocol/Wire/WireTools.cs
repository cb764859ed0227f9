using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>What <c>tools</c> and <c>tool_choice</c> have in common in every API that callers speak.</summary>
internal static class WireTools
{
    private const int LongestName = 256;

    /// <summary>The tools of a request; two functions of one name are refused.</summary>
    public static IReadOnlyList<ToolDefinition> Read(WireValue value, Func<WireObject, ToolDefinition> readOne)
    {
        if (value.IsMissing) return [];
        var tools = new List<ToolDefinition>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in value.Items())
        {
            var tool = readOne(item.Object());
            if (tool.IsFunction && !names.Add(tool.Name)) throw ProblemException.Invalid($"Two tools have the name '{tool.Name}': give each its own.", item.Path);
            tools.Add(tool);
        }

        return tools;
    }

    /// <summary>The name of a function.</summary>
    public static string ReadName(WireValue value) => value.Text() is { Length: > 0 and <= LongestName } name ? name : throw value.Wrong($"a name of 1 to {LongestName} characters");

    /// <summary>A choice in a word, in OpenAI's APIs.</summary>
    public static ToolChoice ReadWord(WireValue value) => value.Text() switch
    {
        "auto" => new ToolChoice(ToolChoiceMode.Auto),
        "none" => new ToolChoice(ToolChoiceMode.None),
        "required" or "any" => new ToolChoice(ToolChoiceMode.Required), // Mistral says any
        _ => throw value.Wrong("'auto', 'none', 'required' or an object that names a tool"),
    };

    /// <summary>The choice, which must have tools to choose among.</summary>
    public static ToolChoice Checked(ToolChoice choice, IReadOnlyList<ToolDefinition> tools, WireValue value)
    {
        if (choice.Mode == ToolChoiceMode.Required && tools.Count == 0) throw ProblemException.Invalid("'tool_choice' demands a call, but 'tools' has none to call.", value.Path);
        if (choice.Mode == ToolChoiceMode.Named && tools.All(tool => tool.Name != choice.Name)) throw ProblemException.Invalid($"'tool_choice' names '{choice.Name}', which is not among 'tools'.", value.Path);
        return choice;
    }

    /// <summary>Writes <c>tools</c>: as the caller wrote them where it was in this API.</summary>
    /// <param name="json">Takes them.</param>
    /// <param name="request">Whose they are.</param>
    /// <param name="api">The API that is written.</param>
    /// <param name="named">Its name, as a possessive: <c>Anthropic's</c>.</param>
    /// <param name="writeFunction">Writes a function in the API's form.</param>
    public static void Write(Utf8JsonWriter json, ChatRequest request, WireApiKind api, string named, Action<Utf8JsonWriter, ToolDefinition> writeFunction)
    {
        json.WriteStartArray("tools"u8);
        foreach (var tool in request.Tools)
        {
            if (tool.Wire is { } wire && request.Api == api) json.WriteRaw(wire);
            else if (tool.IsFunction) writeFunction(json, tool);
            else throw ProblemException.Invalid($"The tool '{tool.Name}' is its provider's own and cannot be carried to the model asked, whose server speaks {named} API.", "tools");
        }

        json.WriteEndArray();
    }

    /// <summary>The word of a choice that names no tool, in OpenAI's APIs.</summary>
    public static string WordOf(ToolChoiceMode mode) => mode switch { ToolChoiceMode.None => "none", ToolChoiceMode.Required => "required", _ => "auto" };
}
