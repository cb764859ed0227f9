using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Reads one candidate, piece by piece.</summary>
internal sealed class GeminiCandidate(int index)
{
    private const int LongestWords = 500;

    private int callCount;

    /// <summary>Whether it said why it ended.</summary>
    public bool IsFinished { get; private set; }

    /// <summary>Reads what is new of it.</summary>
    public void Read(JsonElement candidate, ICollection<ChatEvent> events)
    {
        foreach (var part in candidate.Member("content"u8).Items("parts"u8)) ReadPart(part, events);
        if (GeminiLogprobs.Read(candidate.Member("logprobsResult"u8)) is { Count: > 0 } tokens) events.Add(new LogprobsDelta(index, tokens));
        if (candidate.String("finishReason"u8) is not { Length: > 0 } reason) return;
        if (IsBrokenCall(reason)) AddFinding($"The model wrote a tool call that its server could not read ({reason}).{Words(candidate.String("finishMessage"u8))}", events);
        Finish(ReasonOf(reason), events);
    }

    /// <summary>Ends it, where it has not ended.</summary>
    public void Finish(FinishReason reason, ICollection<ChatEvent> events)
    {
        if (IsFinished) return;
        IsFinished = true;
        events.Add(new ChoiceFinished(index, reason == FinishReason.Stop && callCount > 0 ? FinishReason.ToolCalls : reason));
    }

    private void ReadPart(JsonElement part, ICollection<ChatEvent> events)
    {
        string? text = part.String("text"u8), seal = part.String("thoughtSignature"u8) is { Length: > 0 } signature ? signature : null;
        bool isThought = part.Member("thought"u8).ValueKind == JsonValueKind.True;
        if (seal is not null || (isThought && !string.IsNullOrEmpty(text))) events.Add(new ReasoningDelta(index, isThought ? text ?? "" : "", seal, Maker: Makers.Google)); // A seal stands before the part that bore it.
        if (part.Member("functionCall"u8) is { ValueKind: JsonValueKind.Object } call) ReadCall(call, events);
        else if (text is null) FindUnknown(part, events);
        else if (!isThought && text.Length > 0) events.Add(new TextDelta(index, text));
    }

    /// <summary>A call comes whole.</summary>
    private void ReadCall(JsonElement call, ICollection<ChatEvent> events)
    {
        string arguments = call.Member("args"u8) is { ValueKind: JsonValueKind.Object } given ? given.GetRawText() : "{}";
        events.Add(new ToolCallDelta(index, callCount++, call.Member("id"u8).SomeText() ?? CallIds.New(), call.String("name"u8) ?? "", arguments));
    }

    /// <summary>Images, files, and code that was run at Google's have no form of ours.</summary>
    private void FindUnknown(JsonElement part, ICollection<ChatEvent> events)
    {
        if (!part.IsObject()) return;
        foreach (var member in part.EnumerateObject())
        {
            if (member.Value.IsObject()) AddFinding($"The answer has a part '{member.Name}', which cannot be carried; left out.", events);
        }
    }

    private void AddFinding(string message, ICollection<ChatEvent> events) => events.Add(new ParserFinding(index, message));

    private static string Words(string? message) => string.IsNullOrEmpty(message) ? "" : $" It says: {(message.Length <= LongestWords ? message : string.Concat(message.AsSpan(0, LongestWords), "…"))}";

    private static bool IsBrokenCall(string reason) => reason is "MALFORMED_FUNCTION_CALL" or "UNEXPECTED_TOOL_CALL" or "TOO_MANY_TOOL_CALLS";

    private static FinishReason ReasonOf(string reason) => reason switch
    {
        "STOP" => FinishReason.Stop,
        "MAX_TOKENS" => FinishReason.Length,
        "SAFETY" or "RECITATION" or "BLOCKLIST" or "PROHIBITED_CONTENT" or "SPII" or "MODEL_ARMOR"
            or "IMAGE_SAFETY" or "IMAGE_PROHIBITED_CONTENT" or "IMAGE_RECITATION" => FinishReason.ContentFilter,
        _ => FinishReason.Unknown,
    };
}
