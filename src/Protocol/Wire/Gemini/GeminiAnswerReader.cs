using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Reads an answer. A stream's frames are of the same form as a whole answer, each with what is new; it is complete when every candidate said why it ended.</summary>
internal sealed class GeminiAnswerReader : AnswerReader
{
    private const int MostCandidates = 128;

    private readonly SortedDictionary<int, GeminiCandidate> candidates = [];
    private bool isStarted;

    /// <inheritdoc/>
    public override bool IsComplete => candidates.Count > 0 && candidates.Values.All(candidate => candidate.IsFinished);

    /// <inheritdoc/>
    public override void ReadFrame(ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> data, ICollection<ChatEvent> events)
    {
        using var document = AnswerJson.Parse(data);
        Read(document.RootElement, events);
    }

    /// <inheritdoc/>
    public override void ReadWhole(ReadOnlySpan<byte> body, ICollection<ChatEvent> events)
    {
        using var document = AnswerJson.Parse(body);
        Read(document.RootElement, events, isWhole: true);
        if (candidates.Count == 0) throw GeminiProblems.NoAnswer();
        foreach (var candidate in candidates.Values) candidate.Finish(FinishReason.Unknown, events);
    }

    private void Read(JsonElement root, ICollection<ChatEvent> events, bool isWhole = false)
    {
        if (root.Member("error"u8).IsObject()) throw GeminiProblems.InStream(root);
        if (root.Member("promptFeedback"u8).String("blockReason"u8) is { } reason && candidates.Count == 0) throw GeminiProblems.Blocked(reason);
        if (!isStarted) events.Add(new AnswerStarted(root.String("responseId"u8), root.String("modelVersion"u8)));
        isStarted = true;
        foreach (var item in root.Items("candidates"u8)) CandidateOf(item).Read(item, events);
        if (GeminiUsage.Report(root.Member("usageMetadata"u8), isFinal: isWhole || IsComplete) is { } usage) events.Add(usage);
    }

    private GeminiCandidate CandidateOf(JsonElement item)
    {
        int index = item.Member("index"u8).Count() is < MostCandidates and var given ? (int)given : 0; // The first one's is left out.
        if (!candidates.TryGetValue(index, out var candidate)) candidates[index] = candidate = new GeminiCandidate(index);
        return candidate;
    }
}
