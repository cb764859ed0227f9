using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Writes the message object: whole, or the parts that a stream shares with it.</summary>
internal static class AnthropicMessageJson
{
    /// <summary>A whole answer.</summary>
    public static void WriteWhole(AnswerHead head, ChatAnswer answer, Usage? usage, ReadOnlySpan<byte> countersign, IBufferWriter<byte> output)
    {
        var choice = answer.Choices.Count > 0 ? answer.Choices[0] : new ChatChoice { Index = 0 };
        using var json = new Utf8JsonWriter(output, JsonOutput.Options);
        json.WriteStartObject();
        WriteHead(json, head);
        json.WriteStartArray("content"u8);
        WriteContent(json, choice);
        json.WriteEndArray();
        WriteStop(json, StopReasons.Write(choice.FinishReason, choice.StopSequence, choice.ToolCalls.Count > 0, choice.Refusal is not null), choice.StopSequence);
        AnthropicUsage.Write(json, usage);
        if (!countersign.IsEmpty)
        {
            json.WritePropertyName("countersign"u8);
            json.WriteRawValue(countersign, skipInputValidation: true);
        }

        json.WriteEndObject();
    }

    /// <summary>The members that are known when an answer begins.</summary>
    public static void WriteHead(Utf8JsonWriter json, AnswerHead head)
    {
        json.WriteString("id"u8, head.RequestId);
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("model"u8, head.Model);
        json.WriteNull("container"u8);
    }

    /// <summary>Why the message ended; <c>null</c> as long as it has not.</summary>
    public static void WriteStop(Utf8JsonWriter json, string? reason, string? stopSequence)
    {
        json.WriteString("stop_reason"u8, reason);
        json.WriteString("stop_sequence"u8, reason == "stop_sequence" ? stopSequence : null);
        json.WriteNull("stop_details"u8);
    }

    private static void WriteContent(Utf8JsonWriter json, ChatChoice choice)
    {
        foreach (var part in choice.Parts)
        {
            switch (part)
            {
                case ReasoningPart { Redacted: { } data } thought: AnthropicBlocks.WriteRedacted(json, Seal.Close(data, thought.Maker, Makers.Anthropic)); break;
                case ReasoningPart thought: AnthropicBlocks.WriteThinking(json, thought.Text, Seal.Close(thought.Signature, thought.Maker, Makers.Anthropic) ?? ""); break;
                case TextPart text: AnthropicBlocks.WriteText(json, text.Text); break;
                case RefusalPart { Text.Length: > 0 } refusal: AnthropicBlocks.WriteText(json, refusal.Text); break;
                case ToolCallPart { Call: var call }: AnthropicBlocks.WriteToolUse(json, call.Id, call, isAnswer: true); break;
            }
        }
    }
}
