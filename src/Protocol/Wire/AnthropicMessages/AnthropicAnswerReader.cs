using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Reads a message, streamed or whole. Blocks of server tools and citations have no form of ours and are passed over.</summary>
internal sealed class AnthropicAnswerReader(string? maker) : AnswerReader
{
    private readonly AnthropicUsage usage = new();
    private readonly Dictionary<long, ToolBlock> tools = [];
    private bool isFinished, isComplete;

    /// <inheritdoc/>
    public override bool IsComplete => isComplete;

    /// <inheritdoc/>
    public override void ReadFrame(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, ICollection<ChatEvent> events)
    {
        using var document = AnswerJson.Parse(data);
        var root = document.RootElement;
        switch (root.String("type"u8))
        {
            case "message_start": ReadStart(root.Member("message"u8), events); break;
            case "content_block_start": ReadBlockStart(root, events); break;
            case "content_block_delta": ReadDelta(root, events); break;
            case "content_block_stop": ReadBlockStop(root, events); break;
            case "message_delta": ReadMessageDelta(root, events); break;
            case "message_stop": ReadStop(events); break;
            case "error": throw AnthropicProblems.InStream(root);
        }
    }

    /// <inheritdoc/>
    public override void ReadWhole(ReadOnlySpan<byte> body, ICollection<ChatEvent> events)
    {
        using var document = AnswerJson.Parse(body);
        var message = document.RootElement;
        if (message.String("type"u8) == "error") throw AnthropicProblems.InStream(message);
        if (message.Member("content"u8).ValueKind != JsonValueKind.Array) throw AnthropicProblems.NoMessage();
        events.Add(new AnswerStarted(message.String("id"u8), message.String("model"u8)));
        foreach (var block in message.Items("content"u8)) ReadBlock(block, events);
        usage.Add(message.Member("usage"u8));
        Finish(message, events);
        isComplete = true;
    }

    private void ReadStart(JsonElement message, ICollection<ChatEvent> events)
    {
        events.Add(new AnswerStarted(message.String("id"u8), message.String("model"u8)));
        if (message.Member("usage"u8) is not { ValueKind: JsonValueKind.Object } counted) return;
        usage.AddInput(counted);
        events.Add(new UsageReported(usage.Total, usage.Raw));
    }

    private void ReadBlockStart(JsonElement root, ICollection<ChatEvent> events)
    {
        var block = root.Member("content_block"u8);
        if (block.String("type"u8) != "tool_use")
        {
            ReadBlock(block, events);
            return;
        }

        // The arguments follow as deltas; where none follow, those given here hold.
        string input = block.Member("input"u8) is { ValueKind: JsonValueKind.Object } given ? given.GetRawText() : "{}";
        tools[root.Member("index"u8).Count() ?? -1] = new ToolBlock(tools.Count, input);
        events.Add(new ToolCallDelta(0, tools.Count - 1, block.String("id"u8) ?? "", block.String("name"u8) ?? "", ""));
    }

    private void ReadDelta(JsonElement root, ICollection<ChatEvent> events)
    {
        var delta = root.Member("delta"u8);
        switch (delta.String("type"u8))
        {
            case "text_delta": AddText(delta.String("text"u8), events); break;
            case "thinking_delta": AddReasoning(delta.String("thinking"u8), null, events); break;
            case "signature_delta": AddReasoning("", delta.String("signature"u8), events); break;
            case "input_json_delta": ReadArguments(root, delta.String("partial_json"u8), events); break;
        }
    }

    private void ReadArguments(JsonElement root, string? json, ICollection<ChatEvent> events)
    {
        if (string.IsNullOrEmpty(json) || !tools.TryGetValue(root.Member("index"u8).Count() ?? -1, out var tool)) return;
        tool.HasArguments = true;
        events.Add(new ToolCallDelta(0, tool.Index, null, null, json));
    }

    private void ReadBlockStop(JsonElement root, ICollection<ChatEvent> events)
    {
        if (!tools.TryGetValue(root.Member("index"u8).Count() ?? -1, out var tool) || tool.HasArguments) return;
        tool.HasArguments = true;
        events.Add(new ToolCallDelta(0, tool.Index, null, null, tool.Input));
    }

    private void ReadMessageDelta(JsonElement root, ICollection<ChatEvent> events)
    {
        if (root.Member("usage"u8) is { ValueKind: JsonValueKind.Object } counted) usage.Add(counted);
        Finish(root.Member("delta"u8), events);
    }

    private void ReadStop(ICollection<ChatEvent> events)
    {
        if (!isFinished) events.Add(new ChoiceFinished(0, FinishReason.Unknown));
        isComplete = true;
    }

    private void Finish(JsonElement message, ICollection<ChatEvent> events)
    {
        isFinished = true;
        events.Add(new ChoiceFinished(0, StopReasons.Read(message.String("stop_reason"u8)), message.String("stop_sequence"u8)));
        events.Add(new UsageReported(usage.Total, usage.Raw));
    }

    private void ReadBlock(JsonElement block, ICollection<ChatEvent> events)
    {
        switch (block.String("type"u8))
        {
            case "text": AddText(block.String("text"u8), events); break;
            case "thinking": AddReasoning(block.String("thinking"u8), block.String("signature"u8), events); break;
            case "redacted_thinking": events.Add(new ReasoningDelta(0, "", Redacted: block.String("data"u8) ?? "", Maker: maker)); break;
            case "tool_use":
                string input = block.Member("input"u8) is { ValueKind: JsonValueKind.Object } given ? given.GetRawText() : "{}";
                tools[-1 - tools.Count] = new ToolBlock(tools.Count, input);
                events.Add(new ToolCallDelta(0, tools.Count - 1, block.String("id"u8) ?? "", block.String("name"u8) ?? "", input));
                break;
        }
    }

    private static void AddText(string? text, ICollection<ChatEvent> events)
    {
        if (!string.IsNullOrEmpty(text)) events.Add(new TextDelta(0, text));
    }

    private void AddReasoning(string? text, string? signature, ICollection<ChatEvent> events)
    {
        if (signature is { Length: 0 }) signature = null;
        if (signature is not null || !string.IsNullOrEmpty(text)) events.Add(new ReasoningDelta(0, text ?? "", signature, Maker: maker));
    }

    private sealed class ToolBlock(int index, string input)
    {
        public int Index { get; } = index;
        public string Input { get; } = input;
        public bool HasArguments { get; set; }
    }
}
