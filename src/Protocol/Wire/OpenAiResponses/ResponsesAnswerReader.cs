using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>Reads a response, streamed or whole. Items of built-in tools have no form of ours and are passed over.
/// Encrypted reasoning is a seal on the summary that it came with: <see cref="ReasoningDelta.Signature"/>.</summary>
internal sealed class ResponsesAnswerReader(string? maker) : AnswerReader
{
    private readonly Dictionary<long, Item> items = [];
    private int toolCount;
    private bool isStarted, isComplete;

    /// <inheritdoc/>
    public override bool IsComplete => isComplete;

    /// <inheritdoc/>
    public override void ReadFrame(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, ICollection<ChatEvent> events)
    {
        if (data.SequenceEqual("[DONE]"u8)) return; // some servers add it from the older API
        using var document = AnswerJson.Parse(data);
        var root = document.RootElement;
        switch (root.String("type"u8))
        {
            case "response.created" or "response.in_progress" or "response.queued": Start(root.Member("response"u8), events); break;
            case "response.output_item.added": ReadItemStart(root, events); break;
            case "response.output_item.done": ReadItemEnd(root, events); break;
            case "response.output_text.delta": ReadText(root, events); break;
            case "response.refusal.delta": ItemOf(root).HasContent = true; AddText(root.String("delta"u8), isRefusal: true, events); break;
            case "response.function_call_arguments.delta": ReadArguments(root, events); break;
            case "response.reasoning_summary_part.added": ReadSummaryPart(root, events); break;
            case "response.reasoning_summary_text.delta": ReadReasoning(root, isSummary: true, events); break;
            case "response.reasoning_text.delta": ReadReasoning(root, isSummary: false, events); break;
            case "response.completed" or "response.incomplete" or "response.failed" or "response.cancelled": Finish(root.Member("response"u8), events); break;
            case "error": throw ResponsesProblems.InStream(root);
        }
    }

    /// <inheritdoc/>
    public override void ReadWhole(ReadOnlySpan<byte> body, ICollection<ChatEvent> events)
    {
        using var document = AnswerJson.Parse(body);
        var response = document.RootElement;
        if (response.Member("output"u8).ValueKind != JsonValueKind.Array) throw ResponsesProblems.NoResponse(response);
        Start(response, events);
        foreach (var item in response.Items("output"u8)) ReadItem(item, new Item(), events);
        Finish(response, events);
    }

    private void Start(JsonElement response, ICollection<ChatEvent> events)
    {
        if (isStarted) return;
        isStarted = true;
        events.Add(new AnswerStarted(response.String("id"u8), response.String("model"u8)));
    }

    private void Finish(JsonElement response, ICollection<ChatEvent> events)
    {
        if (OpenAiUsage.Report(response.Member("usage"u8)) is { } usage) events.Add(usage);
        if (ResponsesProblems.Of(response) is { } problem) throw problem;
        events.Add(new ChoiceFinished(0, ResponsesStatus.Read(response, toolCount > 0)));
        isComplete = true;
    }

    private void ReadItemStart(JsonElement root, ICollection<ChatEvent> events)
    {
        var item = root.Member("item"u8);
        if (item.String("type"u8) != "function_call") return;
        var state = ItemOf(root);
        state.Tool = toolCount++;
        events.Add(new ToolCallDelta(0, state.Tool, item.String("call_id"u8) ?? "", item.String("name"u8) ?? "", ""));
    }

    // Servers that stream an item at once send it with its end only.
    private void ReadItemEnd(JsonElement root, ICollection<ChatEvent> events) => ReadItem(root.Member("item"u8), ItemOf(root), events);

    private void ReadItem(JsonElement item, Item state, ICollection<ChatEvent> events)
    {
        switch (item.String("type"u8))
        {
            case "message" when !state.HasContent: ReadContent(item, events); break;
            case "function_call" when !state.HasContent: ReadCall(item, state, events); break;
            case "reasoning": ReadReasoningItem(item, state, events); break;
        }
    }

    private static void ReadContent(JsonElement item, ICollection<ChatEvent> events)
    {
        foreach (var part in item.Items("content"u8))
        {
            AddText(part.String("text"u8), isRefusal: false, events);
            AddText(part.String("refusal"u8), isRefusal: true, events);
            AddLogprobs(part, events);
        }
    }

    private void ReadCall(JsonElement item, Item state, ICollection<ChatEvent> events)
    {
        string arguments = item.String("arguments"u8) ?? "";
        if (state.Tool >= 0)
        {
            if (arguments.Length > 0) events.Add(new ToolCallDelta(0, state.Tool, null, null, arguments));
            return;
        }

        events.Add(new ToolCallDelta(0, toolCount++, item.String("call_id"u8) ?? "", item.String("name"u8) ?? "", arguments));
    }

    private void ReadReasoningItem(JsonElement item, Item state, ICollection<ChatEvent> events)
    {
        string text = "";
        if (!state.HasContent)
        {
            text = string.Join("\n\n", item.Items("content"u8).Select(part => part.String("text"u8)));
            if (text.Length == 0) text = string.Join("\n\n", item.Items("summary"u8).Select(part => part.String("text"u8)));
        }

        string? seal = item.String("encrypted_content"u8);
        if (text.Length == 0 && string.IsNullOrEmpty(seal)) return;
        var thought = Seal.OpenAny(text, seal); // Another gateway may hold other makers' seals.
        events.Add(new ReasoningDelta(0, thought.Text, thought.Signature, thought.Redacted, thought.Maker ?? maker));
    }

    private void ReadText(JsonElement root, ICollection<ChatEvent> events)
    {
        ItemOf(root).HasContent = true;
        AddText(root.String("delta"u8), isRefusal: false, events);
        AddLogprobs(root, events);
    }

    private void ReadArguments(JsonElement root, ICollection<ChatEvent> events)
    {
        var item = ItemOf(root);
        if (item.Tool < 0 || root.String("delta"u8) is not { Length: > 0 } delta) return;
        item.HasContent = true;
        events.Add(new ToolCallDelta(0, item.Tool, null, null, delta));
    }

    private void ReadSummaryPart(JsonElement root, ICollection<ChatEvent> events)
    {
        if (root.Member("summary_index"u8).Count() > 0 && ItemOf(root) is { HasContent: true, IsFullReasoning: false }) events.Add(new ReasoningDelta(0, "\n\n", Maker: maker));
    }

    // A server may send both the thoughts and their summary; the one that comes first is taken.
    private void ReadReasoning(JsonElement root, bool isSummary, ICollection<ChatEvent> events)
    {
        var item = ItemOf(root);
        if (root.String("delta"u8) is not { Length: > 0 } delta || (item.HasContent && item.IsFullReasoning == isSummary)) return;
        (item.HasContent, item.IsFullReasoning) = (true, !isSummary);
        events.Add(new ReasoningDelta(0, delta, Maker: maker));
    }

    private Item ItemOf(JsonElement root)
    {
        long index = root.Member("output_index"u8).Count() ?? -1;
        if (!items.TryGetValue(index, out var item)) items[index] = item = new Item();
        return item;
    }

    private static void AddText(string? text, bool isRefusal, ICollection<ChatEvent> events)
    {
        if (!string.IsNullOrEmpty(text)) events.Add(isRefusal ? new RefusalDelta(0, text) : new TextDelta(0, text));
    }

    private static void AddLogprobs(JsonElement part, ICollection<ChatEvent> events)
    {
        var tokens = OpenAiLogprobs.Read(part.Member("logprobs"u8));
        if (tokens.Count > 0) events.Add(new LogprobsDelta(0, tokens));
    }

    private sealed class Item
    {
        public int Tool { get; set; } = -1;
        public bool HasContent { get; set; }
        public bool IsFullReasoning { get; set; }
    }
}
