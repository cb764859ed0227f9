using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>A request that asks in words for the form that it would else have enforced upstream (<see cref="Routes.Stage.Constrain"/>).</summary>
internal static class Unconstrained
{
    public static ChatRequest Of(ChatRequest request) => request with
    {
        ResponseFormat = null,
        Messages = WithInstruction(request),
        Tools = [.. request.Tools.Select(tool => tool.Strict is true ? tool with { Strict = null, Wire = tool.IsFunction ? null : tool.Wire } : tool)],
    };

    private static IReadOnlyList<ChatMessage> WithInstruction(ChatRequest request)
    {
        string? instruction = request.ResponseFormat switch
        {
            { Kind: ResponseFormatKind.JsonSchema, Schema: { } schema } => $"Answer with JSON only, nothing around it, that fits this JSON schema:\n{schema.GetRawText()}",
            { Kind: ResponseFormatKind.JsonObject or ResponseFormatKind.JsonSchema } => "Answer with one JSON object only, nothing around it.",
            _ => null,
        };
        if (instruction is null) return request.Messages;
        int after = request.Messages.TakeWhile(message => message.Role is ChatRole.System or ChatRole.Developer).Count();
        return [.. request.Messages.Take(after), ChatMessage.Of(ChatRole.System, instruction), .. request.Messages.Skip(after)];
    }
}
