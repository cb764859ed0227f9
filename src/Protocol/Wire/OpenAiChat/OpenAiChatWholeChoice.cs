using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Writes a choice of a whole answer.</summary>
internal static class OpenAiChatWholeChoice
{
    public static void Write(Utf8JsonWriter json, ChatChoice choice)
    {
        json.WriteStartObject();
        json.WriteNumber("index"u8, choice.Index);
        json.WriteStartObject("message"u8);
        json.WriteString("role"u8, "assistant"u8);
        json.WriteString("content"u8, IsWithoutText(choice) ? null : choice.Text);
        json.WriteString("refusal"u8, choice.Refusal);
        string reasoning = string.Concat(choice.Reasoning.Select(part => part.Text));
        if (reasoning.Length > 0) json.WriteString("reasoning_content"u8, reasoning);
        if (choice.Reasoning.Any(part => part.Signature is not null || part.Redacted is not null)) ReasoningDetails.WriteAll(json, choice.Reasoning);
        if (choice.ToolCalls.Count > 0) WriteCalls(json, choice.ToolCalls);
        json.WriteEndObject();
        WriteLogprobs(json, choice.Logprobs);
        json.WriteString("finish_reason"u8, OpenAiChatAnswerWriter.WordOf(choice.FinishReason));
        json.WriteEndObject();
    }

    private static bool IsWithoutText(ChatChoice choice) => choice.Text.Length == 0 && (choice.ToolCalls.Count > 0 || choice.Refusal is not null);

    private static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<ToolCall> calls)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLogprobs(Utf8JsonWriter json, IReadOnlyList<TokenLogprob>? tokens)
    {
        if (tokens is null)
        {
            json.WriteNull("logprobs"u8);
            return;
        }

        json.WriteStartObject("logprobs"u8);
        json.WritePropertyName("content"u8);
        OpenAiLogprobs.Write(json, tokens);
        json.WriteEndObject();
    }
}
