using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls;

namespace Countersign.Cascade.Answers;

/// <summary>Tool calls in one form: tool names as the request writes them, arguments of the types that the tool asks for, members sorted, calls without order.</summary>
internal sealed record ToolCallNormaliser() : Normaliser("tool_call", "the same tool calls, order and spelling of arguments aside")
{
    protected override string? CanonicalOf(ChatChoice choice, IReadOnlyList<ToolDefinition> tools, string? field)
    {
        var calls = choice.ToolCalls.Count > 0 ? choice.ToolCalls : PythonCalls.Parse(choice.Text, tools).Calls;
        var forms = calls.Select(call => CanonicalOf(call, tools)).ToList();
        return forms.Count == 0 || forms.Contains(null) ? null : string.Join('\n', forms.Order(StringComparer.Ordinal));
    }

    private static string? CanonicalOf(ToolCall call, IReadOnlyList<ToolDefinition> tools)
    {
        if (NearJson.Read(call.Arguments.Length == 0 ? "{}" : call.Arguments) is not { Value: { ValueKind: JsonValueKind.Object } arguments, Mends: var mends } || mends.Contains(NearJson.OthersBehind)) return null;
        var tool = ToolNames.Find(tools, call.Name);
        var typed = tool?.Parameters is { } schema ? ArgumentTypes.Fit(arguments, schema) : arguments;
        return $"{tool?.Name ?? call.Name}({JsonAnswer.Canonical(typed)})";
    }
}
