using System.Text.Json.Nodes;
using Countersign.Cascade.Attempts;
using Countersign.Engine;
using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>Tool calls in the form of Hermes, as a form for the engine: <c>{"name": .., "arguments": ..}</c> between tags.</summary>
internal static class CallForms
{
    /// <summary>The form of calls of the tools that may be called.</summary>
    /// <param name="tools">The tools.</param>
    /// <param name="choice">Which of them must be called.</param>
    /// <param name="parallel">Whether there may be several calls.</param>
    /// <param name="trace">Takes what cannot be enforced.</param>
    public static AnswerForm Of(IReadOnlyList<ToolDefinition> tools, ToolChoice? choice, bool? parallel, RequestTrace trace)
    {
        var callable = tools.Where(tool => choice?.Mode != ToolChoiceMode.Named || tool.Name == choice.Name).ToList();
        var schema = new JsonObject { ["anyOf"] = new JsonArray([.. callable.Select(tool => CallOf(tool, trace))]) };
        return new AnswerForm(schema.ToJsonString(), "<tool_call>\n", "\n</tool_call>", Repeats: parallel != false);
    }

    private static JsonObject CallOf(ToolDefinition tool, RequestTrace trace) => new JsonObject
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { ["name"] = new JsonObject { ["const"] = tool.Name }, ["arguments"] = ArgumentsOf(tool, trace) },
        ["required"] = new JsonArray("name", "arguments"),
        ["additionalProperties"] = false,
    };

    private static JsonNode ArgumentsOf(ToolDefinition tool, RequestTrace trace)
    {
        string? schema = tool.Parameters?.GetRawText();
        if (schema is not null && !schema.Contains("\"$ref\"", StringComparison.Ordinal)) return JsonNode.Parse(schema)!;
        if (schema is not null) trace.Warn($"tools: the arguments of {tool.Name} are not held to their schema while the call is generated, as it refers to other places ($ref).");
        return new JsonObject { ["type"] = "object" };
    }
}
