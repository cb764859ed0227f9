using System.Text.Json.Nodes;
using Countersign.Cascade.Attempts;
using Countersign.Engine;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>Tool calls in JSON as a form for the engine: <c>{"name": .., "arguments": ..}</c>, as each format writes it.</summary>
internal static class CallForms
{
    private const int MostCalls = 16;

    private static readonly Notation Tagged = new("arguments", "<tool_call>\n", "\n</tool_call>");

    private static readonly Dictionary<ToolCallFormat, Notation> Notations = new()
    {
        [ToolCallFormats.Hermes] = Tagged,
        [ToolCallFormats.Ernie] = Tagged,
        [ToolCallFormats.Llama3] = new("parameters", "", ""),
        [ToolCallFormats.Nemotron] = new("arguments", "<TOOLCALL>", "</TOOLCALL>", IsList: true),
        [ToolCallFormats.Phi4Mini] = new("arguments", "functools", "", IsList: true),
    };

    /// <summary>Whether a grammar can say how this format writes its calls.</summary>
    public static bool Know(ToolCallFormat? format) => format is not null && Notations.ContainsKey(format);

    /// <summary>The form of calls of the tools that may be called.</summary>
    /// <param name="format">How they are written; one that <see cref="Know"/> knows.</param>
    /// <param name="tools">The tools.</param>
    /// <param name="choice">Which of them must be called.</param>
    /// <param name="parallel">Whether there may be several calls.</param>
    /// <param name="trace">Takes what cannot be enforced.</param>
    public static AnswerForm Of(ToolCallFormat format, IReadOnlyList<ToolDefinition> tools, ToolChoice? choice, bool? parallel, RequestTrace trace)
    {
        var callable = tools.Where(tool => choice?.Mode != ToolChoiceMode.Named || tool.Name == choice.Name).ToList();
        var notation = Notations[format];
        var call = new JsonObject { ["anyOf"] = new JsonArray([.. callable.Select(tool => CallOf(tool, notation.Arguments, trace))]) };
        var schema = notation.IsList ? new JsonObject { ["type"] = "array", ["items"] = call, ["minItems"] = 1, ["maxItems"] = parallel == false ? 1 : MostCalls } : call;
        return new AnswerForm(schema.ToJsonString(), notation.Before, notation.After, Repeats: !notation.IsList && parallel != false);
    }

    private static JsonObject CallOf(ToolDefinition tool, string arguments, RequestTrace trace) => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["name"] = new JsonObject { ["const"] = tool.Name }, [arguments] = ArgumentsOf(tool, trace) },
        ["required"] = new JsonArray("name", arguments),
        ["additionalProperties"] = false,
    };

    private static JsonNode ArgumentsOf(ToolDefinition tool, RequestTrace trace)
    {
        string? schema = tool.Parameters?.GetRawText();
        if (schema is not null && !schema.Contains("\"$ref\"", StringComparison.Ordinal)) return JsonNode.Parse(schema)!;
        if (schema is not null) trace.Warn($"tools: the arguments of {tool.Name} are not held to their schema while the call is generated, as it refers to other places ($ref).");
        return new JsonObject { ["type"] = "object" };
    }

    /// <summary>How a format writes calls.</summary>
    /// <param name="Arguments">The key of the arguments.</param>
    /// <param name="Before">What stands before a call, or before their list.</param>
    /// <param name="After">What stands behind it.</param>
    /// <param name="IsList">Whether the calls stand in a list.</param>
    private sealed record Notation(string Arguments, string Before, string After, bool IsList = false);
}
