using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Writes <c>system</c> and <c>messages</c>. What the caller wrote in this API is sent as it was. All else is brought into the API's form:
/// instructions go to the front, and neighbours of one side become one message, so that all results of a turn stand together.</summary>
internal sealed class AnthropicMessageWriter
{
    private readonly Utf8JsonWriter json;
    private readonly ChatRequest request;
    private readonly ICollection<string> warnings;
    private readonly AnthropicPartWriter parts;
    private ChatRole? open;

    private AnthropicMessageWriter(Utf8JsonWriter json, ChatRequest request, ICollection<string> warnings)
    {
        (this.json, this.request, this.warnings) = (json, request, warnings);
        parts = new AnthropicPartWriter(json, IsOwn, warnings);
    }

    private bool IsOwn => request.Api == WireApiKind.AnthropicMessages;

    public static void Write(Utf8JsonWriter json, ChatRequest request, ICollection<string> warnings)
    {
        var writer = new AnthropicMessageWriter(json, request, warnings);
        ChatMessage[] instructions = [.. request.Messages.Where(writer.IsInstruction)], talk = [.. request.Messages.Where(message => !writer.IsInstruction(message))];
        if (talk.Length == 0) (instructions, talk) = writer.SpeakLast(instructions);
        writer.WriteSystem(instructions);
        writer.WriteTalk(talk);
    }

    /// <summary>Whether a message goes into <c>system</c>. One that the caller wrote among the messages stays there.</summary>
    private bool IsInstruction(ChatMessage message) =>
        message.Role is ChatRole.System or ChatRole.Developer && !(IsOwn && message.Wire is { ValueKind: JsonValueKind.Object });

    /// <summary>This API wants something to answer: where all is instruction, the last of it is asked.</summary>
    private (ChatMessage[] Instructions, ChatMessage[] Talk) SpeakLast(ChatMessage[] instructions)
    {
        if (instructions.Length == 0) throw ProblemException.Invalid("'messages' has no message.", "messages");
        warnings.Once("messages: Anthropic's API needs a user's message; the last instruction was sent as one.");
        return (instructions[..^1], [instructions[^1] with { Role = ChatRole.User, Wire = null }]);
    }

    private void WriteSystem(ChatMessage[] instructions)
    {
        bool asksForJson = !IsOwn && request.ResponseFormat is { Kind: ResponseFormatKind.JsonObject } or { Kind: ResponseFormatKind.JsonSchema, Schema: null };
        if (instructions.Length == 0 && !asksForJson) return;
        if (instructions is [{ Wire: { } only }] && IsOwn)
        {
            json.WriteRaw("system", only);
            return;
        }

        WarnOfMoved(instructions);
        json.WriteStartArray("system"u8);
        foreach (var message in instructions) WriteInstruction(message);
        if (asksForJson) AnthropicBlocks.WriteText(json, "Answer with one JSON object and nothing else.");
        json.WriteEndArray();
    }

    private void WriteInstruction(ChatMessage message)
    {
        if (IsOwn && message.Wire is { ValueKind: JsonValueKind.Array } blocks)
        {
            foreach (var block in blocks.EnumerateArray()) json.WriteRaw(block);
        }
        else
        {
            parts.Write(message.Parts);
        }
    }

    private void WarnOfMoved(ChatMessage[] instructions)
    {
        for (int i = 0; i < instructions.Length; i++)
        {
            if (!ReferenceEquals(request.Messages[i], instructions[i])) warnings.Once("messages: an instruction within the conversation was moved to its front.");
        }
    }

    private void WriteTalk(ChatMessage[] talk)
    {
        json.WriteStartArray("messages"u8);
        foreach (var message in talk)
        {
            if (IsOwn && message.Wire is { ValueKind: JsonValueKind.Object } wire)
            {
                Close();
                json.WriteRaw(wire);
            }
            else
            {
                WriteMade(message);
            }
        }

        Close();
        json.WriteEndArray();
    }

    private void WriteMade(ChatMessage message)
    {
        if (!message.Parts.Any(parts.IsWritten)) return;
        if (message.Name is not null) warnings.LeftOut("messages[].name", "Anthropic's");
        Open(message.Role == ChatRole.Assistant ? ChatRole.Assistant : ChatRole.User);
        parts.Write(message.Parts);
    }

    private void Open(ChatRole role)
    {
        if (open == role) return;
        Close();
        open = role;
        json.WriteStartObject();
        json.WriteString("role"u8, role == ChatRole.Assistant ? "assistant"u8 : "user"u8);
        json.WriteStartArray("content"u8);
    }

    private void Close()
    {
        if (open is null) return;
        open = null;
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
