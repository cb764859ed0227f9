using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Writes the parts of messages as content blocks.</summary>
/// <param name="json">Takes them.</param>
/// <param name="isOwnApi">Whether the request came in this API, so that seals and opaque blocks are its own.</param>
/// <param name="warnings">Takes what is left out.</param>
internal sealed class AnthropicPartWriter(Utf8JsonWriter json, bool isOwnApi, ICollection<string> warnings)
{
    /// <summary>Whether a part makes a block. This API refuses blocks of white space, and thoughts without its own seal.</summary>
    public bool IsWritten(ContentPart part) => part switch
    {
        TextPart text => !string.IsNullOrWhiteSpace(text.Text),
        RefusalPart refusal => !string.IsNullOrWhiteSpace(refusal.Text),
        ReasoningPart thought => ((thought.Maker is null && isOwnApi) || thought.Maker == Makers.Anthropic) && (thought.Signature is not null || thought.Redacted is not null),
        _ => true,
    };

    /// <summary>Writes the blocks.</summary>
    /// <exception cref="ProblemException">A part that only its own API understands.</exception>
    public void Write(IReadOnlyList<ContentPart> parts)
    {
        foreach (var part in parts)
        {
            if (IsWritten(part)) Write(part);
            else if (part is ReasoningPart) warnings.Once("messages: reasoning of earlier answers goes back to Anthropic only under its own seal; left out.");
        }
    }

    private void Write(ContentPart part)
    {
        switch (part)
        {
            case TextPart text: AnthropicBlocks.WriteText(json, text.Text); break;
            case RefusalPart refusal: AnthropicBlocks.WriteText(json, refusal.Text); break;
            case ReasoningPart { Redacted: { } data }: AnthropicBlocks.WriteRedacted(json, data); break;
            case ReasoningPart thought: AnthropicBlocks.WriteThinking(json, thought.Text, thought.Signature ?? ""); break;
            case ImagePart image: WriteImage(image); break;
            case ToolCallPart call: WriteCall(call.Call); break;
            case ToolResultPart result: WriteResult(result); break;
            case OpaquePart opaque when isOwnApi: json.WriteRaw(opaque.Wire); break;
            default: throw NotCarried(part is OpaquePart other ? other.Type : part.GetType().Name);
        }
    }

    private void WriteImage(ImagePart image)
    {
        if (image.Detail is not (null or "auto")) warnings.LeftOut("image_url.detail", "Anthropic's");
        json.WriteStartObject();
        json.WriteString("type"u8, "image"u8);
        json.WriteStartObject("source"u8);
        json.WriteString("type"u8, image.Url is null ? "base64"u8 : "url"u8);
        if (image.Url is { } url)
        {
            json.WriteString("url"u8, url);
        }
        else
        {
            json.WriteString("media_type"u8, image.MediaType);
            json.WriteString("data"u8, image.Base64);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private void WriteCall(ToolCall call)
    {
        if (!AnthropicBlocks.WriteToolUse(json, IdOf(call.Id), call, isAnswer: false))
            warnings.Once("messages: arguments of an earlier tool call are no JSON object; Anthropic's API got them as the text 'INVALID_JSON'.");
    }

    private void WriteResult(ToolResultPart result)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "tool_result"u8);
        json.WriteString("tool_use_id"u8, IdOf(result.CallId));
        if (result.Parts is [TextPart only])
        {
            json.WriteString("content"u8, only.Text);
        }
        else
        {
            json.WriteStartArray("content"u8);
            Write(result.Parts);
            json.WriteEndArray();
        }

        if (result.IsError) json.WriteBoolean("is_error"u8, true);
        json.WriteEndObject();
    }

    /// <summary>Some makers' ids (<c>functions.search:0</c>) have characters that this API refuses; call and result get the same substitute.</summary>
    private static string IdOf(string id) => string.Create(id.Length, id, static (chars, id) =>
    {
        for (int i = 0; i < id.Length; i++) chars[i] = char.IsAsciiLetterOrDigit(id[i]) || id[i] is '_' or '-' ? id[i] : '_';
    });

    private static ProblemException NotCarried(string type) => ProblemException.Invalid(
        $"A part of type '{type}' cannot be carried to the model asked, whose server speaks Anthropic's API.", "messages");
}
