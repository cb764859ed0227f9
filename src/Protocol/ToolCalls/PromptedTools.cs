using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Tools for models whose chat template has no place for them (Gemma 3, Phi-4): they are described in words, calls are asked for in the form
/// that <see cref="ToolCallFormats.Hermes"/> reads, and earlier calls and results are shown as text.</summary>
public static class PromptedTools
{
    private static readonly string[] Without = ["gemma-3", "gemma3", "phi-4", "phi4", "smollm2"];
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a family, or a model by its name, has no tool calls of its own.</summary>
    public static bool AreNeededBy(string family)
    {
        string plain = FamilyFormats.Plain(family);
        return Without.Any(beginning => plain.StartsWith(beginning, StringComparison.Ordinal)) && !plain.StartsWith("phi-4-mini", StringComparison.Ordinal);
    }

    /// <summary>The request without tools, saying the same in its messages. The text before the conversation depends on the tools and the tool choice
    /// alone, byte for byte, so that a prompt cache keeps it.</summary>
    public static ChatRequest Apply(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        bool isOffered = request.Tools.Count > 0 && request.ToolChoice?.Mode != ToolChoiceMode.None;
        var spoken = request.Messages.Select(InWords).ToList();
        if (isOffered) AddTo(spoken, Instructions(request));
        return request with { Messages = spoken, Tools = [], ToolChoice = null, ParallelToolCalls = null };
    }

    private static void AddTo(List<ChatMessage> messages, string instructions)
    {
        bool hasSystem = messages.Count > 0 && messages[0].Role is ChatRole.System or ChatRole.Developer;
        if (!hasSystem) messages.Insert(0, ChatMessage.Of(ChatRole.System, instructions));
        else messages[0] = messages[0] with { Parts = [new TextPart($"{instructions}\n\n"), .. messages[0].Parts], Wire = null };
    }

    private static string Instructions(ChatRequest request)
    {
        var text = new StringBuilder("You can call these tools:\n<tools>\n");
        foreach (var tool in request.Tools) text.Append(Describe(tool)).Append('\n');
        text.Append("</tools>\nTo call a tool, write\n<tool_call>\n{\"name\": \"the tool's name\", \"arguments\": {the arguments as JSON}}\n</tool_call>\n");
        text.Append(request.ParallelToolCalls == false ? "Make one call at most, " : "Write one such block for each call, ");
        text.Append("and nothing after it; the results follow in <tool_response>.");
        if (request.ToolChoice is { Mode: ToolChoiceMode.Required }) text.Append(" You must call a tool.");
        if (request.ToolChoice is { Mode: ToolChoiceMode.Named, Name: { } name }) text.Append(" You must call the tool ").Append(name).Append('.');
        return text.ToString();
    }

    private static string Describe(ToolDefinition tool) => Json(writer =>
    {
        writer.WriteString("name", tool.Name);
        if (tool.Description is { } description) writer.WriteString("description", description);
        if (tool.Parameters is not { } parameters) return;
        writer.WritePropertyName("parameters");
        parameters.WriteTo(writer);
    });

    private static ChatMessage InWords(ChatMessage message)
    {
        bool isSpoken = !message.Parts.Any(part => part is ToolCallPart or ToolResultPart);
        if (isSpoken && message.Role != ChatRole.Tool) return message;
        var role = message.Role == ChatRole.Tool ? ChatRole.User : message.Role;
        return message with { Role = role, Parts = [.. message.Parts.SelectMany(PartInWords)], Wire = null };
    }

    private static IEnumerable<ContentPart> PartInWords(ContentPart part) => part switch
    {
        ToolCallPart { Call: var call } => [new TextPart($"<tool_call>\n{Write(call)}\n</tool_call>\n")],
        ToolResultPart result => [new TextPart("<tool_response>\n"), .. result.Parts, new TextPart("\n</tool_response>\n")],
        _ => [part],
    };

    private static string Write(ToolCall call) => Json(writer =>
    {
        writer.WriteString("name", call.Name);
        writer.WritePropertyName("arguments");
        if (ArgumentsText.Parse(call.Arguments) is { } arguments) arguments.WriteTo(writer);
        else writer.WriteStringValue(call.Arguments);
    });

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer, Plain);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        writer.Flush();
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
