using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>Writes <c>instructions</c> and <c>input</c>. What the caller wrote in this API is sent as it was; all else is taken apart into items.</summary>
internal sealed class ResponsesInputWriter(Utf8JsonWriter json, ChatRequest request, string? maker, ICollection<string> warnings)
{
    private bool IsOwn => request.Api == WireApiKind.OpenAiResponses;

    public void Write()
    {
        var messages = request.Messages;
        int first = 0;
        if (IsOwn && messages is [{ Role: ChatRole.System, Wire: { ValueKind: JsonValueKind.String } instructions }, ..])
        {
            json.WriteRaw("instructions", instructions);
            first = 1;
        }

        json.WriteStartArray("input"u8);
        for (int i = first; i < messages.Count; i++) WriteMessage(messages[i]);
        json.WriteEndArray();
    }

    private void WriteMessage(ChatMessage message)
    {
        if (IsOwn && message.Wire is { } wire) WriteItems(wire);
        else WriteMade(message);
    }

    private void WriteItems(JsonElement wire)
    {
        if (wire.ValueKind != JsonValueKind.Array)
        {
            json.WriteRaw(wire);
            return;
        }

        foreach (var item in wire.EnumerateArray()) json.WriteRaw(item);
    }

    private void WriteMade(ChatMessage message)
    {
        if (message.Name is not null) warnings.LeftOut("messages[].name", "OpenAI's Responses");
        foreach (var result in message.Parts.OfType<ToolResultPart>()) WriteResult(result);
        foreach (var thought in message.Parts.OfType<ReasoningPart>()) WriteReasoning(thought);
        ContentPart[] content = [.. message.Parts.Where(part => part is TextPart or ImagePart or RefusalPart || (part is OpaquePart opaque && !IsItem(opaque)))];
        if (content.Length > 0) WriteSpeech(message.Role, content);
        foreach (var call in message.Parts.OfType<ToolCallPart>()) WriteCall(call.Call);
        foreach (var item in message.Parts.OfType<OpaquePart>().Where(IsItem)) WriteOpaque(item);
    }

    /// <summary>Whether an opaque part was an item of its own, not a part of a message.</summary>
    private bool IsItem(OpaquePart part) => IsOwn && !part.Type.StartsWith("input_", StringComparison.Ordinal);

    private void WriteSpeech(ChatRole role, ContentPart[] content)
    {
        bool isAnswer = role == ChatRole.Assistant;
        json.WriteStartObject();
        json.WriteString("type"u8, "message"u8);
        json.WriteString("role"u8, role switch { ChatRole.System => "system", ChatRole.Developer => "developer", ChatRole.Assistant => "assistant", _ => "user" });
        json.WriteStartArray("content"u8);
        foreach (var part in content) WritePart(part, isAnswer);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WritePart(ContentPart part, bool isAnswer)
    {
        switch (part)
        {
            case TextPart text: WriteText(isAnswer ? "output_text"u8 : "input_text"u8, "text"u8, text.Text); break;
            case RefusalPart refusal when isAnswer: WriteText("refusal"u8, "refusal"u8, refusal.Text); break;
            case RefusalPart refusal: WriteText("input_text"u8, "text"u8, refusal.Text); break;
            case ImagePart image when !isAnswer: WriteImage(image); break;
            case OpaquePart opaque: WriteOpaque(opaque); break;
            default: throw NotCarried(part.GetType().Name);
        }
    }

    private void WriteText(ReadOnlySpan<byte> type, ReadOnlySpan<byte> name, string text)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString(name, text);
        json.WriteEndObject();
    }

    private void WriteImage(ImagePart image)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "input_image"u8);
        json.WriteString("image_url"u8, image.Url ?? $"data:{image.MediaType};base64,{image.Base64}");
        json.WriteString("detail"u8, image.Detail ?? "auto");
        json.WriteEndObject();
    }

    private void WriteOpaque(OpaquePart part)
    {
        if (!IsOwn) throw NotCarried(part.Type);
        json.WriteRaw(part.Wire);
    }

    private void WriteReasoning(ReasoningPart thought)
    {
        if (thought.Signature is not { } seal || !MayGoBack(thought))
        {
            warnings.Once("messages: reasoning of earlier answers goes back to its maker only, under its seal; left out.");
            return;
        }

        json.WriteStartObject();
        json.WriteString("type"u8, "reasoning"u8);
        json.WriteStartArray("summary"u8);
        if (thought.Text.Length > 0) OutputItem.WriteSummary(json, thought.Text);
        json.WriteEndArray();
        json.WriteString("encrypted_content"u8, seal);
        json.WriteEndObject();
    }

    /// <summary>In its own API a seal that names nobody is the maker's: there it was got.</summary>
    private bool MayGoBack(ReasoningPart thought) => (thought.Maker is null && IsOwn) || Makers.IsFrom(maker, thought, request.Api);

    private void WriteCall(ToolCall call)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call"u8);
        json.WriteString("call_id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WriteString("arguments"u8, call.Arguments.Length == 0 ? "{}" : call.Arguments);
        json.WriteEndObject();
    }

    private void WriteResult(ToolResultPart result)
    {
        if (result.IsError) warnings.Once("messages: OpenAI's Responses API cannot mark a tool's result as an error; its text is all that says so.");
        json.WriteStartObject();
        json.WriteString("type"u8, "function_call_output"u8);
        json.WriteString("call_id"u8, result.CallId);
        if (result.Parts.All(part => part is TextPart))
        {
            json.WriteString("output"u8, string.Concat(result.Parts.OfType<TextPart>().Select(part => part.Text)));
        }
        else
        {
            json.WriteStartArray("output"u8);
            foreach (var part in result.Parts) WritePart(part, isAnswer: false);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static ProblemException NotCarried(string type) => ProblemException.Invalid(
        $"A part of type '{type}' cannot be carried to the model asked, whose server speaks OpenAI's Responses API.", "messages");
}
