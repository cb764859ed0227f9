using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Writes <c>systemInstruction</c> and <c>contents</c>: instructions go to the front, and neighbours of one side become one content, so that all results of a turn stand together.</summary>
internal sealed class GeminiContentWriter
{
    private readonly Utf8JsonWriter json;
    private readonly ICollection<string> warnings;
    private readonly GeminiPartWriter parts;
    private ChatRole? open;

    private GeminiContentWriter(Utf8JsonWriter json, string model, ICollection<string> warnings)
    {
        (this.json, this.warnings) = (json, warnings);
        parts = new GeminiPartWriter(json, model, warnings);
    }

    public static void Write(Utf8JsonWriter json, ChatRequest request, string model, ICollection<string> warnings)
    {
        var writer = new GeminiContentWriter(json, model, warnings);
        ChatMessage[] instructions = [.. request.Messages.Where(IsInstruction)], talk = [.. request.Messages.Where(message => !IsInstruction(message))];
        if (talk.Length == 0) (instructions, talk) = writer.SpeakLast(instructions);
        else if (request.Messages.Take(instructions.Length).Any(message => !IsInstruction(message))) warnings.Once("messages: an instruction within the conversation was moved to its front.");
        writer.WriteSystem(instructions);
        json.WriteStartArray("contents"u8);
        foreach (var message in talk) writer.WriteMessage(message);
        writer.Close();
        json.WriteEndArray();
    }

    private static bool IsInstruction(ChatMessage message) => message.Role is ChatRole.System or ChatRole.Developer;

    /// <summary>This API wants something to answer: where all is instruction, the last of it is asked.</summary>
    private (ChatMessage[] Instructions, ChatMessage[] Talk) SpeakLast(ChatMessage[] instructions)
    {
        if (instructions.Length == 0) throw ProblemException.Invalid("'messages' has no message.", "messages");
        warnings.Once("messages: Gemini's API needs a user's message; the last instruction was sent as one.");
        return (instructions[..^1], [instructions[^1] with { Role = ChatRole.User }]);
    }

    private void WriteSystem(ChatMessage[] instructions)
    {
        if (!instructions.Any(message => message.Parts.Any(GeminiPartWriter.IsWritten))) return;
        json.WriteStartObject("systemInstruction"u8);
        json.WriteStartArray("parts"u8);
        foreach (var message in instructions) parts.Write(message);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteMessage(ChatMessage message)
    {
        if (message.Name is not null) warnings.LeftOut("messages[].name", "Gemini's");
        if (message.Parts.Any(GeminiPartWriter.IsWritten)) Open(message.Role == ChatRole.Assistant ? ChatRole.Assistant : ChatRole.User);
        parts.Write(message);
    }

    private void Open(ChatRole role)
    {
        if (open == role) return;
        Close();
        open = role;
        json.WriteStartObject();
        json.WriteString("role"u8, role == ChatRole.Assistant ? "model"u8 : "user"u8);
        json.WriteStartArray("parts"u8);
    }

    private void Close()
    {
        if (open is null) return;
        open = null;
        parts.WriteResultImages();
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
