using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using AI = Microsoft.Extensions.AI;

namespace Countersign.Cascade.ChatClients;

/// <summary>Conversations in the words of <c>Microsoft.Extensions.AI</c>, and back.</summary>
internal static class ClientMessages
{
    public static List<AI.ChatMessage> Of(IReadOnlyList<ChatMessage> messages) =>
        [.. messages.Select(message => new AI.ChatMessage(RoleOf(message.Role), [.. message.Parts.Select(ContentOf)]) { AuthorName = message.Name })];

    public static IEnumerable<ChatMessage> From(IEnumerable<AI.ChatMessage> messages) => messages.Select(message => new ChatMessage
    {
        Role = RoleFrom(message.Role),
        Parts = [.. message.Contents.Select(PartFrom)],
        Name = message.AuthorName,
    });

    /// <summary>A call's arguments as the client's dictionary; broken JSON is kept as one text.</summary>
    public static Dictionary<string, object?> ArgumentsOf(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json.Length == 0 ? "{}" : json);
            if (document.RootElement.ValueKind is JsonValueKind.Object) return document.RootElement.EnumerateObject().DistinctBy(member => member.Name).ToDictionary(member => member.Name, member => (object?)member.Value.Clone());
        }
        catch (JsonException)
        {
            // Said below.
        }

        return new Dictionary<string, object?> { ["arguments"] = json };
    }

    private static AI.AIContent ContentOf(ContentPart part) => part switch
    {
        TextPart text => new AI.TextContent(text.Text),
        RefusalPart refusal => new AI.TextContent(refusal.Text),
        ReasoningPart reasoning => new AI.TextReasoningContent(reasoning.Text) { ProtectedData = reasoning.Maker is null ? reasoning.Signature ?? reasoning.Redacted : null }, // Whom a client asks nobody knows: a named maker's seal stays here.
        ImagePart { Url: { } url } => new AI.UriContent(url, "image/*"),
        ImagePart { Base64: { } data } image => new AI.DataContent(Convert.FromBase64String(data), image.MediaType ?? "image/png"),
        ToolCallPart call => new AI.FunctionCallContent(call.Call.Id, call.Call.Name, ArgumentsOf(call.Call.Arguments)),
        ToolResultPart result => new AI.FunctionResultContent(result.CallId, string.Concat(result.Parts.OfType<TextPart>().Select(text => text.Text))),
        OpaquePart opaque => throw ProblemException.Invalid($"A part of type '{opaque.Type}' cannot be given to a chat client.", "messages"),
        _ => throw ProblemException.Invalid("An empty image cannot be given to a chat client.", "messages"),
    };

    private static ContentPart PartFrom(AI.AIContent content) => content switch
    {
        AI.TextContent text => new TextPart(text.Text),
        AI.TextReasoningContent reasoning => Seal.OpenAny(reasoning.Text, reasoning.ProtectedData),
        AI.UriContent uri when uri.HasTopLevelMediaType("image") => new ImagePart(uri.Uri.ToString(), uri.MediaType, null, null),
        AI.DataContent data when data.HasTopLevelMediaType("image") => new ImagePart(null, data.MediaType, data.Base64Data.ToString(), null),
        AI.FunctionCallContent call => new ToolCallPart(new ToolCall(call.CallId, call.Name, JsonSerializer.Serialize(call.Arguments ?? new Dictionary<string, object?>(), Json(typeof(IDictionary<string, object?>))))),
        AI.FunctionResultContent result => new ToolResultPart(result.CallId, [new TextPart(TextOf(result.Result))], result.Exception is not null),
        _ => throw ProblemException.Invalid($"A cascade cannot carry a {content.GetType().Name}.", "messages"),
    };

    private static string TextOf(object? result) => result switch
    {
        null => "",
        string text => text,
        JsonElement { ValueKind: JsonValueKind.String } text => text.GetString()!,
        _ => JsonSerializer.Serialize(result, Json(result.GetType())),
    };

    private static System.Text.Json.Serialization.Metadata.JsonTypeInfo Json(Type type) => AI.AIJsonUtilities.DefaultOptions.GetTypeInfo(type);

    private static AI.ChatRole RoleOf(ChatRole role) => role switch
    {
        ChatRole.System or ChatRole.Developer => AI.ChatRole.System,
        ChatRole.Assistant => AI.ChatRole.Assistant,
        ChatRole.Tool => AI.ChatRole.Tool,
        _ => AI.ChatRole.User,
    };

    private static ChatRole RoleFrom(AI.ChatRole role) => role.Value switch
    {
        "system" => ChatRole.System,
        "developer" => ChatRole.Developer,
        "assistant" => ChatRole.Assistant,
        "tool" => ChatRole.Tool,
        _ => ChatRole.User,
    };
}
