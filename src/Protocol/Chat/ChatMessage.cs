using System.Text.Json;

namespace Countersign.Protocol.Chat;

/// <summary>Who speaks in a conversation.</summary>
public enum ChatRole { System, Developer, User, Assistant, Tool }

/// <summary>One message of a conversation.</summary>
public sealed record ChatMessage
{
    /// <summary>Who speaks.</summary>
    public required ChatRole Role { get; init; }

    /// <summary>What is said, in order: text, images, reasoning, tool calls, tool results.</summary>
    public required IReadOnlyList<ContentPart> Parts { get; init; }

    /// <summary>The speaker's name, where the API has one.</summary>
    public string? Name { get; init; }

    /// <summary>The message as the caller wrote it, in the form of the request's API; an upstream of the same API receives just this.
    /// <c>null</c> for messages made here (a repair's findings) or read from an API that folds several into one.</summary>
    public JsonElement? Wire { get; init; }

    /// <summary>All text parts, joined without separator.</summary>
    public string Text => string.Concat(Parts.OfType<TextPart>().Select(part => part.Text));

    /// <summary>A message of one text part.</summary>
    public static ChatMessage Of(ChatRole role, string text) => new() { Role = role, Parts = [new TextPart(text)] };
}

/// <summary>A piece of a message.</summary>
public abstract record ContentPart;

/// <summary>Plain text.</summary>
public sealed record TextPart(string Text) : ContentPart;

/// <summary>An image, by address or by content; never fetched or decoded here.</summary>
/// <param name="Url">Its address, or <c>null</c> where the content is given.</param>
/// <param name="MediaType">Such as <c>image/png</c>; with <paramref name="Base64"/>.</param>
/// <param name="Base64">The content.</param>
/// <param name="Detail">OpenAI's <c>detail</c>.</param>
public sealed record ImagePart(string? Url, string? MediaType, string? Base64, string? Detail) : ContentPart;

/// <summary>Reasoning of an earlier answer.</summary>
/// <param name="Text">What was thought; empty where only <paramref name="Redacted"/> is known.</param>
/// <param name="Signature">The maker's seal, which must go back to the same maker unchanged and to no other.</param>
/// <param name="Redacted">Encrypted reasoning.</param>
/// <param name="Maker">Who sealed it, or would (<see cref="Wire.Makers"/>); <c>null</c> where that is not known.</param>
public sealed record ReasoningPart(string Text, string? Signature = null, string? Redacted = null, string? Maker = null) : ContentPart;

/// <summary>The model's refusal, where the API keeps it apart from text.</summary>
public sealed record RefusalPart(string Text) : ContentPart;

/// <summary>A tool call of an earlier answer.</summary>
public sealed record ToolCallPart(ToolCall Call) : ContentPart;

/// <summary>What a tool answered.</summary>
/// <param name="CallId">The call's id.</param>
/// <param name="Parts">The result: text and images.</param>
/// <param name="IsError">Whether the tool failed.</param>
public sealed record ToolResultPart(string CallId, IReadOnlyList<ContentPart> Parts, bool IsError = false) : ContentPart;

/// <summary>A part that only its own API understands (audio, files, documents); carried to an upstream of that API, refused elsewhere.</summary>
/// <param name="Type">Its <c>type</c>.</param>
/// <param name="Wire">The part as written.</param>
public sealed record OpaquePart(string Type, JsonElement Wire) : ContentPart;

/// <summary>A call of a tool.</summary>
/// <param name="Id">The id that the result must name; made here where the model's format has none.</param>
/// <param name="Name">The tool's name.</param>
/// <param name="Arguments">The arguments as the model wrote them: JSON text, which may be broken.</param>
public sealed record ToolCall(string Id, string Name, string Arguments);
