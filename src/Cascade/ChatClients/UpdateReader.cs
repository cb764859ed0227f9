using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Microsoft.Extensions.AI;

namespace Countersign.Cascade.ChatClients;

/// <summary>Reads the updates of one answer into events.</summary>
internal sealed class UpdateReader
{
    private static readonly JsonSerializerOptions Json = AIJsonUtilities.DefaultOptions;
    private bool started;
    private int calls;
    private FinishReason reason = FinishReason.Unknown;
    private Usage? usage;

    /// <exception cref="ProblemException">The update is an error.</exception>
    public void Read(ChatResponseUpdate update, Queue<ChatEvent> events)
    {
        if (!started) events.Enqueue(new AnswerStarted(update.ResponseId, update.ModelId));
        started = true;
        foreach (var content in update.Contents) Read(content, events);
        if (update.FinishReason is { } finish) reason = ReasonOf(finish);
    }

    /// <summary>The events that end the answer.</summary>
    public void End(Queue<ChatEvent> events)
    {
        if (!started) events.Enqueue(new AnswerStarted(null, null));
        events.Enqueue(new ChoiceFinished(0, reason is FinishReason.Unknown ? calls > 0 ? FinishReason.ToolCalls : FinishReason.Stop : reason));
        if (usage is not null) events.Enqueue(new UsageReported(usage));
    }

    private void Read(AIContent content, Queue<ChatEvent> events)
    {
        switch (content)
        {
            case TextContent { Text.Length: > 0 } text: events.Enqueue(new TextDelta(0, text.Text)); break;
            case TextReasoningContent reasoning: events.Enqueue(new ReasoningDelta(0, reasoning.Text, reasoning.ProtectedData)); break;
            case FunctionCallContent call: events.Enqueue(new ToolCallDelta(0, calls++, call.CallId, call.Name, ArgumentsOf(call))); break;
            case UsageContent counted: usage = usage is null ? UsageOf(counted.Details) : usage + UsageOf(counted.Details); break;
            case ErrorContent error: throw new ProblemException(new Problem(ProblemKind.UpstreamFailed, error.Message ?? "The client reports an error without words.", Code: error.ErrorCode));
        }
    }

    private static string ArgumentsOf(FunctionCallContent call) =>
        call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, Json.GetTypeInfo(typeof(IDictionary<string, object?>)));

    private static Usage UsageOf(UsageDetails details) => new()
    {
        InputTokens = details.InputTokenCount,
        OutputTokens = details.OutputTokenCount,
        CachedInputTokens = details.CachedInputTokenCount,
        ReasoningTokens = details.ReasoningTokenCount,
    };

    private static FinishReason ReasonOf(ChatFinishReason finish) => finish.Value switch
    {
        "stop" => FinishReason.Stop,
        "length" => FinishReason.Length,
        "tool_calls" => FinishReason.ToolCalls,
        "content_filter" => FinishReason.ContentFilter,
        _ => FinishReason.Unknown,
    };
}
