using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Writes a message, streamed or whole. The API has one choice: events of further ones are left out (a request for several is refused before).</summary>
internal sealed class AnthropicAnswerWriter(AnswerHead head) : AnswerWriter
{
    private readonly NamedFrames frames = new();
    private readonly List<int> toolBlocks = [];
    private int blockCount;
    private Block open = Block.None;
    private bool isStarted, isRefusal;
    private ChoiceFinished finished = new(0, FinishReason.Unknown);

    private enum Block { None, Text, Thinking, Tool }

    /// <inheritdoc/>
    public override void WriteFrame(ChatEvent chatEvent, IBufferWriter<byte> output)
    {
        switch (chatEvent)
        {
            case AnswerStarted: EnsureStarted(output); break;
            case TextDelta { Choice: 0 } e: WriteText(e.Text, output); break;
            case RefusalDelta { Choice: 0 } e: isRefusal = true; WriteText(e.Text, output); break;
            case ReasoningDelta { Choice: 0, Redacted: { } data } e: WriteRedacted(Held(data, e.Maker), output); break;
            case ReasoningDelta { Choice: 0 } e: WriteThinking(e, output); break;
            case ToolCallDelta { Choice: 0 } e: WriteToolCall(e, output); break;
            case ChoiceFinished { Choice: 0 } e: finished = e; break;
            case WireFrames e: output.Write(e.Bytes.Span); break;
        }
    }

    /// <inheritdoc/>
    public override void WriteEnd(Usage? usage, IBufferWriter<byte> output)
    {
        EnsureStarted(output);
        CloseBlock(output);
        var json = frames.Begin("message_delta"u8, output);
        json.WriteStartObject("delta"u8);
        AnthropicMessageJson.WriteStop(json, StopReasons.Write(finished.Reason, finished.StopSequence, toolBlocks.Count > 0, isRefusal), finished.StopSequence);
        json.WriteEndObject();
        AnthropicUsage.Write(json, usage);
        frames.End(output);
        frames.Begin("message_stop"u8, output);
        frames.End(output);
    }

    /// <inheritdoc/>
    public override void WriteStreamProblem(Problem problem, IBufferWriter<byte> output)
    {
        AnthropicProblems.WriteMembers(frames.Begin("error"u8, output), problem);
        frames.End(output);
    }

    /// <inheritdoc/>
    public override void WriteWhole(ChatAnswer answer, Usage? usage, ReadOnlySpan<byte> countersign, IBufferWriter<byte> output) =>
        AnthropicMessageJson.WriteWhole(head, answer, usage, countersign, output);

    private void EnsureStarted(IBufferWriter<byte> output)
    {
        if (isStarted) return;
        isStarted = true;
        var json = frames.Begin("message_start"u8, output);
        json.WriteStartObject("message"u8);
        AnthropicMessageJson.WriteHead(json, head);
        json.WriteStartArray("content"u8);
        json.WriteEndArray();
        AnthropicMessageJson.WriteStop(json, null, null);
        AnthropicUsage.WriteUncounted(json);
        json.WriteEndObject();
        frames.End(output);
    }

    private void WriteText(string text, IBufferWriter<byte> output)
    {
        if (text.Length == 0) return;
        if (open != Block.Text) OpenBlock(Block.Text, static json => AnthropicBlocks.WriteText(json, ""), output);
        WriteDelta("text_delta"u8, "text"u8, text, blockCount - 1, output);
    }

    private void WriteThinking(ReasoningDelta delta, IBufferWriter<byte> output)
    {
        if (open != Block.Thinking) OpenBlock(Block.Thinking, static json => AnthropicBlocks.WriteThinking(json, "", ""), output);
        if (delta.Text.Length > 0) WriteDelta("thinking_delta"u8, "thinking"u8, delta.Text, blockCount - 1, output);
        if (delta.Signature is not { } signature) return;
        WriteDelta("signature_delta"u8, "signature"u8, Held(signature, delta.Maker), blockCount - 1, output);
        CloseBlock(output);
    }

    private static string Held(string seal, string? maker) => Seal.Close(seal, maker, Makers.Anthropic);

    private void WriteRedacted(string data, IBufferWriter<byte> output)
    {
        OpenBlock(Block.Thinking, json => AnthropicBlocks.WriteRedacted(json, data), output);
        CloseBlock(output);
    }

    // Calls come one after the other; a delta for an earlier one still goes to its own block, as clients collect by index.
    private void WriteToolCall(ToolCallDelta delta, IBufferWriter<byte> output)
    {
        while (toolBlocks.Count <= delta.Index)
        {
            OpenBlock(Block.Tool, json => AnthropicBlocks.WriteToolUse(json, delta.Id ?? "", new ToolCall("", delta.Name ?? "", ""), isAnswer: true), output);
            toolBlocks.Add(blockCount - 1);
        }

        if (delta.Arguments.Length > 0) WriteDelta("input_json_delta"u8, "partial_json"u8, delta.Arguments, toolBlocks[delta.Index], output);
    }

    private void OpenBlock(Block block, Action<Utf8JsonWriter> writeContent, IBufferWriter<byte> output)
    {
        EnsureStarted(output);
        CloseBlock(output);
        open = block;
        var json = frames.Begin("content_block_start"u8, output);
        json.WriteNumber("index"u8, blockCount++);
        json.WritePropertyName("content_block"u8);
        writeContent(json);
        frames.End(output);
    }

    private void CloseBlock(IBufferWriter<byte> output)
    {
        if (open == Block.None) return;
        open = Block.None;
        frames.Begin("content_block_stop"u8, output).WriteNumber("index"u8, blockCount - 1);
        frames.End(output);
    }

    private void WriteDelta(ReadOnlySpan<byte> type, ReadOnlySpan<byte> name, string text, int block, IBufferWriter<byte> output)
    {
        var json = frames.Begin("content_block_delta"u8, output);
        json.WriteNumber("index"u8, block);
        json.WriteStartObject("delta"u8);
        json.WriteString("type"u8, type);
        json.WriteString(name, text);
        json.WriteEndObject();
        frames.End(output);
    }
}
