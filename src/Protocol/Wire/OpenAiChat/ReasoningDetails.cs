using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire.OpenAiChat;

/// <summary>OpenRouter's <see href="https://openrouter.ai/docs/use-cases/reasoning-tokens">reasoning_details</see>: the one form in which chat has seals.
/// A detail names its seal's form by the maker: <c>anthropic-claude-v1</c>, <c>openai-responses-v1</c>.</summary>
internal static class ReasoningDetails
{
    public const string Field = "reasoning_details";

    private const string UnknownFormat = "unknown";

    /// <summary>What a detail says, as more of a choice's reasoning; <c>null</c> where that is nothing. What stands encrypted beside a text is that text's seal, but for Anthropic, who has no text then.</summary>
    public static ReasoningDelta? Read(int choice, string? text, string? signature, string? data, string? format)
    {
        string? maker = MakerOf(format);
        bool isRedacted = data is not null && maker is null or Makers.Anthropic;
        if (string.IsNullOrEmpty(text) && signature is null && data is null) return null;
        return new ReasoningDelta(choice, text ?? "", signature ?? (isRedacted ? null : data), isRedacted ? data : null, maker);
    }

    /// <summary>The parts that details of a request add up to.</summary>
    public static IReadOnlyList<ReasoningPart> Join(IEnumerable<ReasoningDelta> details)
    {
        var builder = new AnswerBuilder();
        foreach (var detail in details) builder.Add(detail);
        return builder.Build().Choices is [var choice] ? choice.Reasoning : [];
    }

    /// <summary>Writes the array of a whole answer's or an earlier message's reasoning.</summary>
    public static void WriteAll(Utf8JsonWriter json, IReadOnlyList<ReasoningPart> parts)
    {
        json.WriteStartArray(Field);
        for (int i = 0; i < parts.Count; i++) Write(json, parts[i], i);
        json.WriteEndArray();
    }

    /// <summary>Writes the details of a thought, or of a piece of one.</summary>
    /// <param name="json">Takes them.</param>
    /// <param name="part">The thought.</param>
    /// <param name="index">Its place in the message: pieces of one thought have the same.</param>
    public static void Write(Utf8JsonWriter json, ReasoningPart part, int index)
    {
        bool signsText = part.Maker is null or Makers.Anthropic;
        string? signature = signsText ? part.Signature : null, data = part.Redacted ?? (signsText ? null : part.Signature);
        bool isSummary = part.Maker == Makers.OpenAi;
        if (part.Text.Length > 0 || signature is not null)
        {
            Begin(json, isSummary ? "reasoning.summary"u8 : "reasoning.text"u8, part, index);
            if (part.Text.Length > 0) json.WriteString(isSummary ? "summary"u8 : "text"u8, part.Text);
            if (signature is not null) json.WriteString("signature"u8, signature);
            json.WriteEndObject();
        }

        if (data is null) return;
        Begin(json, "reasoning.encrypted"u8, part, index);
        json.WriteString("data"u8, data);
        json.WriteEndObject();
    }

    private static void Begin(Utf8JsonWriter json, ReadOnlySpan<byte> type, ReasoningPart part, int index)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("format"u8, FormatOf(part.Maker));
        json.WriteNumber("index"u8, index);
    }

    private static string? MakerOf(string? format) => format switch
    {
        null or UnknownFormat => null,
        _ when format.StartsWith("azure-openai", StringComparison.Ordinal) => Makers.OpenAi,
        _ => format.Split('-')[0],
    };

    private static string FormatOf(string? maker) => maker switch
    {
        null => UnknownFormat,
        Makers.Anthropic => "anthropic-claude-v1",
        Makers.Google => "google-gemini-v1",
        _ => $"{maker}-responses-v1",
    };
}
