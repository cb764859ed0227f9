using Countersign.Replay.Recordings;

namespace Countersign.Replay.Upstream;

/// <summary>What the upstream says: a recorded answer, or the part of it that fits the request's output limit.</summary>
/// <param name="Model">Who says it.</param>
/// <param name="Text">The text.</param>
/// <param name="Calls">The tool calls.</param>
/// <param name="FinishReason">Why it ends, in OpenAI's words.</param>
/// <param name="InputTokens">Tokens of the question.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
internal sealed record Reply(string Model, string Text, IReadOnlyList<RecordedCall> Calls, string FinishReason, int InputTokens, int OutputTokens)
{
    /// <summary>The answer to a request that allows <paramref name="maxOutputTokens"/>. An answer of more tokens is cut: of a text the same share of characters is left,
    /// of tool calls nothing, because they follow the reasoning, whose text was not recorded. The tokens up to the cut are billed.</summary>
    public static Reply Of(RecordedAnswer answer, int? maxOutputTokens)
    {
        if (maxOutputTokens is not { } max || answer.OutputTokens <= max)
            return new Reply(answer.Model, answer.Text, answer.Calls, answer.Calls.Count > 0 ? "tool_calls" : "stop", answer.InputTokens, answer.OutputTokens);
        int kept = (int)((long)answer.Text.Length * max / answer.OutputTokens);
        if (kept > 0 && char.IsHighSurrogate(answer.Text[kept - 1])) kept--;
        return new Reply(answer.Model, answer.Text[..kept], [], "length", answer.InputTokens, max);
    }
}
