using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls;

namespace Countersign.Gateway.Providers.Http;

/// <summary>Whether a chat server's model must be told of its tools in words: its family has no calls of its own, and the server, that would make a prompt of its template, makes none or refuses.
/// llama-server has words of its own for such models, and what hosts do is theirs.</summary>
internal static class ToolsInWords
{
    public static bool AreNeeded(ChatCall call, ProviderOptions options) =>
        options is { Api: ProviderApi.OpenAi, Server: "vllm" or "sglang" or "ollama" } && MayHoldTools(call) && PromptedTools.AreNeededBy(call.Deployment.NameOfFamily) && HoldsTools(call.Attempt.Request);

    /// <summary>The request with its tools in words.</summary>
    public static ChatRequest Say(ChatRequest request, ChatCall call)
    {
        call.Trace.Warn($"tools: '{call.Deployment.Model}' has no tool calls of its own; they were put to it in words, and its calls are read out of its text.");
        if (request.ToolChoice?.Mode is ToolChoiceMode.Required or ToolChoiceMode.Named) call.Trace.Warn("tool_choice: not enforced while the answer is generated.");
        return PromptedTools.Apply(request);
    }

    /// <summary>A look at the bytes, so that few requests are read in full.</summary>
    private static bool MayHoldTools(ChatCall call) => call.Attempt.PassThrough is not { } wire || !wire.Tools.IsEmpty || wire.Body.Span.IndexOf("\"tool_call"u8) >= 0;

    private static bool HoldsTools(ChatRequest request) =>
        request.Tools.Any(tool => tool.IsFunction) || request.Messages.Any(message => message.Parts.Any(part => part is ToolCallPart or ToolResultPart));
}
