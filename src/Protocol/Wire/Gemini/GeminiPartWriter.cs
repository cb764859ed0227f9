using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Writes the parts of messages.</summary>
/// <param name="json">Takes them.</param>
/// <param name="model">The model asked.</param>
/// <param name="warnings">Takes what is left out.</param>
internal sealed class GeminiPartWriter(Utf8JsonWriter json, string model, ICollection<string> warnings)
{
    private readonly Dictionary<string, string> calledNames = new(StringComparer.Ordinal);
    private readonly List<ImagePart> resultImages = [];

    /// <summary>Whether a part is written: empty text is none, and thoughts go back as seals on other parts only.</summary>
    public static bool IsWritten(ContentPart part) => part switch
    {
        TextPart text => text.Text.Length > 0,
        RefusalPart refusal => refusal.Text.Length > 0,
        _ => part is not ReasoningPart,
    };

    /// <summary>Writes the parts of a message.</summary>
    /// <exception cref="ProblemException">A part that cannot be carried, or a result whose call is not there.</exception>
    public void Write(ChatMessage message)
    {
        string?[] seals = GeminiSeals.Of(message, model, warnings);
        for (int i = 0; i < message.Parts.Count; i++)
        {
            if (IsWritten(message.Parts[i])) Write(message.Parts[i], seals[i]);
        }
    }

    /// <summary>Writes the images of tools' results that stand behind all results: those must follow their calls one for one.</summary>
    public void WriteResultImages()
    {
        foreach (var image in resultImages) Write(image, seal: null);
        resultImages.Clear();
    }

    private void Write(ContentPart part, string? seal)
    {
        json.WriteStartObject();
        switch (part)
        {
            case TextPart text: json.WriteString("text"u8, text.Text); break;
            case RefusalPart refusal: json.WriteString("text"u8, refusal.Text); break;
            case ImagePart image: WriteImage(image); break;
            case ToolCallPart call: WriteCall(call.Call); break;
            case ToolResultPart result: WriteResult(result); break;
            default: throw NotCarried(part);
        }

        if (seal is not null) json.WriteString("thoughtSignature"u8, seal);
        json.WriteEndObject();
    }

    private void WriteImage(ImagePart image)
    {
        if (image.Detail is not (null or "auto")) warnings.LeftOut("image_url.detail", "Gemini's");
        if (image.Url is { } url)
        {
            if (!IsGooglesFile(url)) throw ProblemException.Invalid("An image by address cannot be carried to the model asked, whose server speaks Gemini's API: send it in base64, as a 'data:' address.", "messages");
            json.WriteStartObject("fileData"u8);
            json.WriteString("fileUri"u8, url);
        }
        else
        {
            json.WriteStartObject("inlineData"u8);
            json.WriteString("mimeType"u8, image.MediaType);
            json.WriteString("data"u8, image.Base64);
        }

        json.WriteEndObject();
    }

    private static bool IsGooglesFile(string url) =>
        url.StartsWith("https://generativelanguage.googleapis.com/", StringComparison.Ordinal) || url.StartsWith("gs://", StringComparison.Ordinal);

    private void WriteCall(ToolCall call)
    {
        calledNames[call.Id] = call.Name;
        json.WriteStartObject("functionCall"u8);
        json.WriteString("id"u8, call.Id);
        json.WriteString("name"u8, call.Name);
        json.WritePropertyName("args"u8);
        if (!CallArguments.Write(json, call.Arguments))
            warnings.Once("messages: arguments of an earlier tool call are no JSON object; Gemini's API got them as the text 'INVALID_JSON'.");
        json.WriteEndObject();
    }

    /// <summary>A result is an object here; <c>output</c> and <c>error</c> are the names that the API knows.</summary>
    private void WriteResult(ToolResultPart result)
    {
        if (!calledNames.TryGetValue(result.CallId, out string? name))
            throw ProblemException.Invalid($"The tool result for '{result.CallId}' answers no call of the conversation; the model asked, whose server speaks Gemini's API, needs its name.", "messages");
        if (result.Parts.FirstOrDefault(part => part is not (TextPart or ImagePart)) is { } other) throw NotCarried(other);
        json.WriteStartObject("functionResponse"u8);
        json.WriteString("id"u8, result.CallId);
        json.WriteString("name"u8, name);
        json.WriteStartObject("response"u8);
        json.WriteString(result.IsError ? "error"u8 : "output"u8, string.Concat(result.Parts.OfType<TextPart>().Select(text => text.Text)));
        json.WriteEndObject();
        json.WriteEndObject();
        resultImages.AddRange(result.Parts.OfType<ImagePart>());
    }

    private static ProblemException NotCarried(ContentPart part) => ProblemException.Invalid(
        $"A part of type '{(part as OpaquePart)?.Type ?? part.GetType().Name}' cannot be carried to the model asked, whose server speaks Gemini's API.", "messages");
}
