using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.Extensions.AI;

namespace Countersign.Cascade.ChatClients;

/// <summary>Writes the events of one answer as updates. Tool calls come whole, at the end: the client's form has no part of one.</summary>
internal sealed class UpdateWriter
{
    private readonly AnswerBuilder builder = new();
    private string? id, model;

    /// <summary>The update that an event means; <c>null</c> where it means none yet.</summary>
    /// <exception cref="ProblemException">The event is a failure.</exception>
    public ChatResponseUpdate? Write(ChatEvent chatEvent)
    {
        builder.Add(chatEvent);
        switch (chatEvent)
        {
            case AnswerStarted started: (id, model) = (started.Id, started.Model); return null;
            case TextDelta { Choice: 0 } text: return Of(new TextContent(text.Text));
            case ReasoningDelta { Choice: 0 } reasoning: return Of(new TextReasoningContent(reasoning.Text) { ProtectedData = Seal.CloseAny(reasoning.Signature, reasoning.Redacted, reasoning.Maker, own: null) });
            case RefusalDelta { Choice: 0 } refusal: return Of(new TextContent(refusal.Text));
            case AttemptFailed failed: throw new ProblemException(failed.Problem);
            default: return null;
        }
    }

    /// <summary>The last update: tool calls, finish reason, the usage of all attempts, the trace.</summary>
    public ChatResponseUpdate End(RequestTrace trace)
    {
        var choice = builder.Build().Choices is [var first, ..] ? first : null;
        var calls = (choice?.ToolCalls ?? []).Select(call => (AIContent)new FunctionCallContent(call.Id, call.Name, ClientMessages.ArgumentsOf(call.Arguments)));
        var last = Of([.. calls, .. trace.TotalUsage is { } usage ? [new UsageContent(DetailsOf(usage))] : Array.Empty<AIContent>()]);
        last.FinishReason = ReasonOf(choice?.FinishReason);
        last.AdditionalProperties = new AdditionalPropertiesDictionary { [CascadeChatClient.TraceKey] = trace };
        return last;
    }

    private ChatResponseUpdate Of(params AIContent[] contents) => new(Microsoft.Extensions.AI.ChatRole.Assistant, [.. contents]) { ResponseId = id, MessageId = id, ModelId = model };

    private static UsageDetails DetailsOf(Usage usage) => new()
    {
        InputTokenCount = usage.InputTokens,
        OutputTokenCount = usage.OutputTokens,
        TotalTokenCount = usage.InputTokens + usage.OutputTokens,
        CachedInputTokenCount = usage.CachedInputTokens,
        ReasoningTokenCount = usage.ReasoningTokens,
    };

    private static ChatFinishReason? ReasonOf(FinishReason? reason) => reason switch
    {
        FinishReason.Stop => ChatFinishReason.Stop,
        FinishReason.Length => ChatFinishReason.Length,
        FinishReason.ToolCalls => ChatFinishReason.ToolCalls,
        FinishReason.ContentFilter => ChatFinishReason.ContentFilter,
        _ => null,
    };
}
