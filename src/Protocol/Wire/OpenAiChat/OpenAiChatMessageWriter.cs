using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>Writes <c>messages</c>. A message that the caller wrote in this API is sent as it was.</summary>
internal sealed class OpenAiChatMessageWriter
{
    private const string Unsealed = "messages: sealed reasoning of earlier answers belongs to its maker; left out.";
    private const string Thoughts = "messages: OpenAI's chat API takes no reasoning of earlier answers; left out.";
    private const string ResultImages = "messages: OpenAI's chat API takes no image as a tool's result; it was sent in a user's message behind the results.";
    private const string ToolErrors = "messages: OpenAI's chat API cannot mark a tool's result as an error; its text is all that says so.";

    private readonly Utf8JsonWriter json;
    private readonly bool isOwnApi;
    private readonly WireApiKind api;
    private readonly WireTarget target;
    private readonly ICollection<string> warnings;

    private OpenAiChatMessageWriter(Utf8JsonWriter json, ChatRequest request, WireTarget target, ICollection<string> warnings) =>
        (this.json, api, isOwnApi, this.target, this.warnings) = (json, request.Api, request.Api == WireApiKind.OpenAiChat, target, warnings);

    public static void Write(Utf8JsonWriter json, ChatRequest request, WireTarget target, ICollection<string> warnings)
    {
        var writer = new OpenAiChatMessageWriter(json, request, target, warnings);
        json.WriteStartArray("messages"u8);
        foreach (var message in request.Messages) writer.Write(message);
        json.WriteEndArray();
    }

    private void Write(ChatMessage message)
    {
        if (isOwnApi && message.Wire is { } wire)
        {
            json.WriteRaw(wire);
            return;
        }

        ToolResultPart[] results = [.. message.Parts.OfType<ToolResultPart>()];
        foreach (var result in results) WriteResult(result);
        var speech = message with { Parts = [.. ImagesOf(results), .. message.Parts.Where(part => part is not ToolResultPart)] };
        if (speech.Parts.Count > 0) WriteSpeech(speech);
    }

    /// <summary>The images of tools' results. All results of a turn must stand together, so that they go behind the last.</summary>
    private ImagePart[] ImagesOf(ToolResultPart[] results)
    {
        ImagePart[] images = [.. results.SelectMany(result => result.Parts).OfType<ImagePart>()];
        if (images.Length > 0) Warn(ResultImages);
        return images;
    }

    private void WriteResult(ToolResultPart result)
    {
        if (result.IsError) Warn(ToolErrors);
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, result.CallId);
        ContentPart[] content = [.. result.Parts.Where(part => part is not ImagePart)];
        if (content.Length > 0) WriteContent(content);
        else json.WriteString("content"u8, ""u8);
        json.WriteEndObject();
    }

    private void WriteSpeech(ChatMessage message)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, message.Role switch
        {
            ChatRole.System => "system",
            ChatRole.Developer => "developer",
            ChatRole.Assistant => "assistant",
            _ => "user",
        });
        if (message.Name is { } name) json.WriteString("name"u8, name);
        ContentPart[] content = [.. message.Parts.Where(IsContent)];
        if (content.Length > 0) WriteContent(content);
        else json.WriteNull("content"u8);
        if (message.Role == ChatRole.Assistant) WriteAnswerParts(message);
        json.WriteEndObject();
    }

    private static bool IsContent(ContentPart part) => part is TextPart or ImagePart || (part is OpaquePart opaque && !IsField(opaque));

    /// <summary>Parts that this API keeps outside of <c>content</c>: calls of custom tools, and audio.</summary>
    private static bool IsField(OpaquePart part) => part.Type is "custom" or "audio";

    private void WriteContent(IReadOnlyList<ContentPart> parts)
    {
        if (parts is [TextPart only])
        {
            json.WriteString("content"u8, only.Text);
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var part in parts) WritePart(part);
        json.WriteEndArray();
    }

    private void WritePart(ContentPart part)
    {
        switch (part)
        {
            case TextPart text:
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
                json.WriteEndObject();
                break;
            case ImagePart image:
                WriteImage(image);
                break;
            case OpaquePart opaque when isOwnApi:
                json.WriteRaw(opaque.Wire);
                break;
            default:
                throw NotCarried(part is OpaquePart other ? other.Type : part.GetType().Name);
        }
    }

    private void WriteImage(ImagePart image)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, image.Url ?? $"data:{image.MediaType};base64,{image.Base64}");
        if (image.Detail is { } detail) json.WriteString("detail"u8, detail);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteAnswerParts(ChatMessage message)
    {
        WriteReasoning([.. message.Parts.OfType<ReasoningPart>()]);
        if (message.Parts.OfType<RefusalPart>().FirstOrDefault() is { } refusal) json.WriteString("refusal"u8, refusal.Text);
        var opaque = message.Parts.OfType<OpaquePart>().Where(IsField).ToArray();
        if (opaque.Length > 0 && !isOwnApi) throw NotCarried(opaque[0].Type);
        if (opaque.FirstOrDefault(part => part.Type == "audio") is { } audio) json.WriteRaw("audio", audio.Wire);
        WriteCalls([.. message.Parts.OfType<ToolCallPart>()], [.. opaque.Where(part => part.Type == "custom")]);
    }

    private void WriteReasoning(ReasoningPart[] reasoning)
    {
        ReasoningPart[] own = target.TakesSeals ? [.. reasoning.Where(IsTargets)] : [];
        if (reasoning.Except(own).Any(IsSealed)) Warn(Unsealed);
        if (own.Length > 0)
        {
            ReasoningDetails.WriteAll(json, own);
            return;
        }

        string text = string.Concat(reasoning.Select(part => part.Text));
        if (text.Length == 0 && !reasoning.Any(part => part is { Signature: null, Redacted: null })) return; // Empty: the family wants the field all the same.
        if (target.IsOpenAi) Warn(Thoughts);
        else json.WriteString("reasoning_content"u8, text);
    }

    private static bool IsSealed(ReasoningPart part) => part.Signature is not null || part.Redacted is not null;

    private bool IsTargets(ReasoningPart part) => IsSealed(part) && ((isOwnApi && part.Maker is null) || Makers.IsFrom(target.Maker, part, api));

    private void WriteCalls(ToolCallPart[] calls, OpaquePart[] customCalls)
    {
        if (calls.Length + customCalls.Length == 0) return;
        json.WriteStartArray("tool_calls"u8);
        foreach (var part in calls)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, part.Call.Id);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, part.Call.Name);
            json.WriteString("arguments"u8, part.Call.Arguments.Length == 0 ? "{}" : part.Call.Arguments);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        foreach (var part in customCalls) json.WriteRaw(part.Wire);
        json.WriteEndArray();
    }

    private void Warn(string warning)
    {
        if (!warnings.Contains(warning)) warnings.Add(warning);
    }

    private static ProblemException NotCarried(string type) => ProblemException.Invalid(
        $"A part of type '{type}' cannot be carried to the model asked, whose server speaks OpenAI's chat API.", "messages");
}
