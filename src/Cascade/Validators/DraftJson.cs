using System.Buffers;
using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators;

/// <summary>A draft as programs and webhooks get it:
/// <c>{"route", "request":{"messages":[{"role","text"}]}, "answer":{"text","refusal","finish_reason","tool_calls":[{"id","name","arguments"}]}}</c>.</summary>
internal static class DraftJson
{
    public static byte[] Write(Draft draft, ValidationContext context)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("route", context.Route.Name);
            WriteRequest(json, context.Request);
            WriteAnswer(json, draft.Answer.Choices is [var choice, ..] ? choice : new ChatChoice { Index = 0 });
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRequest(Utf8JsonWriter json, ChatRequest request)
    {
        json.WriteStartObject("request");
        json.WriteStartArray("messages");
        foreach (var message in request.Messages)
        {
            json.WriteStartObject();
            json.WriteString("role", JsonNamingPolicy.SnakeCaseLower.ConvertName(message.Role.ToString()));
            json.WriteString("text", message.Text);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAnswer(Utf8JsonWriter json, ChatChoice choice)
    {
        json.WriteStartObject("answer");
        json.WriteString("text", choice.Text);
        if (choice.Refusal is { } refusal) json.WriteString("refusal", refusal);
        json.WriteString("finish_reason", JsonNamingPolicy.SnakeCaseLower.ConvertName(choice.FinishReason.ToString()));
        json.WriteStartArray("tool_calls");
        foreach (var call in choice.ToolCalls)
        {
            json.WriteStartObject();
            json.WriteString("id", call.Id);
            json.WriteString("name", call.Name);
            json.WriteString("arguments", call.Arguments);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
