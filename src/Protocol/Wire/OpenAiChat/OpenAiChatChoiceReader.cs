using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Reads one choice of an answer, piece by piece.</summary>
internal sealed class OpenAiChatChoiceReader(int choice)
{
    private readonly OpenAiToolCallReader calls = new(choice);

    /// <summary>Whether the upstream said why it ended.</summary>
    public bool IsFinished { get; private set; }

    public void Read(JsonElement element, ICollection<ChatEvent> events)
    {
        bool isWhole = !element.Member("delta"u8).IsObject();
        var delta = element.Member(isWhole ? "message"u8 : "delta"u8);
        ReadReasoning(delta, events);
        ReadContent(delta.Member("content"u8), events);
        if (delta.Member("refusal"u8).SomeText() is { } refusal) events.Add(new RefusalDelta(choice, refusal));
        ReadCalls(delta.Member("tool_calls"u8), isWhole, events);
        if (delta.Member("function_call"u8).IsObject()) calls.ReadFunction(delta.Member("function_call"u8), events);
        if (OpenAiLogprobs.Read(element.Member("logprobs"u8).Member("content"u8)) is { Count: > 0 } tokens) events.Add(new LogprobsDelta(choice, tokens));
        if (element.Member("finish_reason"u8).SomeText() is { } reason) Finish(events, ReasonOf(reason), StopOf(element));
    }

    /// <summary>Ends the choice, where the upstream has not.</summary>
    public void Finish(ICollection<ChatEvent> events, FinishReason reason = FinishReason.Unknown, string? stop = null)
    {
        if (IsFinished) return;
        IsFinished = true;
        calls.Finish(events);
        if (calls.Any && reason == FinishReason.Stop) reason = FinishReason.ToolCalls; // Several servers say stop after a call.
        events.Add(new ChoiceFinished(choice, reason, stop));
    }

    /// <summary>The same thought may stand under several names; the one with most in it (signatures) is taken.</summary>
    private void ReadReasoning(JsonElement delta, ICollection<ChatEvent> events)
    {
        bool hasText = false;
        foreach (var detail in delta.Items("reasoning_details"u8))
        {
            string? text = detail.String("text"u8) ?? detail.String("summary"u8);
            string? signature = detail.Member("signature"u8).SomeText(), data = detail.Member("data"u8).SomeText();
            if (ReasoningDetails.Read(choice, text, signature, data, detail.String("format"u8)) is not { } read) continue;
            hasText |= read.Text.Length > 0;
            events.Add(read);
        }

        if (hasText) return;
        if ((delta.Member("reasoning_content"u8).SomeText() ?? delta.Member("reasoning"u8).SomeText()) is { } thought) events.Add(new ReasoningDelta(choice, thought));
    }

    /// <summary>A text; or, from Mistral's thinking models, parts of text and of thought.</summary>
    private void ReadContent(JsonElement content, ICollection<ChatEvent> events)
    {
        if (content.SomeText() is { } text) events.Add(new TextDelta(choice, text));
        foreach (var part in content.Items())
        {
            if (part.Member("text"u8).SomeText() is { } piece) events.Add(new TextDelta(choice, piece));
            foreach (var thought in part.Items("thinking"u8))
            {
                if (thought.Member("text"u8).SomeText() is { } words) events.Add(new ReasoningDelta(choice, words));
            }
        }
    }

    private void ReadCalls(JsonElement list, bool isWhole, ICollection<ChatEvent> events)
    {
        int place = 0;
        foreach (var call in list.Items()) calls.Read(call, isWhole ? place++ : null, events);
    }

    /// <summary>The text that stopped it: vLLM and SGLang say.</summary>
    private static string? StopOf(JsonElement element) => element.Member("stop_reason"u8).SomeText() ?? element.Member("matched_stop"u8).SomeText();

    private static FinishReason ReasonOf(string reason) => reason switch
    {
        "stop" or "eos" or "stop_sequence" or "end_turn" => FinishReason.Stop,
        "length" or "max_tokens" or "model_length" => FinishReason.Length,
        "tool_calls" or "function_call" or "tool_use" => FinishReason.ToolCalls,
        "content_filter" => FinishReason.ContentFilter,
        _ => FinishReason.Unknown,
    };
}
