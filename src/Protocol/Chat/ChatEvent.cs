using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Chat;

/// <summary>A step of an answer on its way. Every answer, streamed or whole, is a sequence of these:
/// <see cref="AnswerStarted"/>, deltas, a <see cref="ChoiceFinished"/> per choice, <see cref="UsageReported"/> where the upstream counts;
/// or, where the attempt failed, an <see cref="AttemptFailed"/> as the last. A pass-through answer is <see cref="WireFrames"/> and nothing else;
/// what they say of model, finish and usage stands in the attempt's record.</summary>
public abstract record ChatEvent;

/// <summary>The upstream began to answer.</summary>
/// <param name="Id">The upstream's id of the answer.</param>
/// <param name="Model">The response model.</param>
public sealed record AnswerStarted(string? Id, string? Model) : ChatEvent;

/// <summary>More text of a choice.</summary>
public sealed record TextDelta(int Choice, string Text) : ChatEvent;

/// <summary>More reasoning of a choice. <paramref name="Signature"/> and <paramref name="Redacted"/> come from makers who seal theirs;
/// <paramref name="Maker"/> names that maker, on the pieces before the seal too; <c>null</c>: nobody is known to seal it.</summary>
public sealed record ReasoningDelta(int Choice, string Text, string? Signature = null, string? Redacted = null, string? Maker = null) : ChatEvent;

/// <summary>More of a refusal that the API keeps apart from text.</summary>
public sealed record RefusalDelta(int Choice, string Text) : ChatEvent;

/// <summary>More of a tool call. The first delta of a call carries its id and name; all carry the call's index within the choice.</summary>
public sealed record ToolCallDelta(int Choice, int Index, string? Id, string? Name, string Arguments) : ChatEvent;

/// <summary>Log-probabilities of output tokens, in order.</summary>
public sealed record LogprobsDelta(int Choice, IReadOnlyList<TokenLogprob> Tokens) : ChatEvent;

/// <summary>Something that a raw-text parser noticed and that no caller may mistake for a call (broken JSON, an unknown tool).</summary>
public sealed record ParserFinding(int Choice, string Message) : ChatEvent;

/// <summary>A choice is complete.</summary>
/// <param name="Choice">Which one.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="StopSequence">The text that stopped it, where the upstream says.</param>
public sealed record ChoiceFinished(int Choice, FinishReason Reason, string? StopSequence = null) : ChatEvent;

/// <summary>What the upstream counted. The last one of an answer holds.</summary>
/// <param name="Usage">In our counting.</param>
/// <param name="Raw">The JSON object in which the upstream said it; <c>null</c> where it was counted here.</param>
public sealed record UsageReported(Usage Usage, string? Raw = null) : ChatEvent;

/// <summary>Bytes of an answer in the client's own API, to be written as they are: whole SSE frames of a stream, or a whole JSON body.
/// Only where nothing judges the answer and both sides speak one API.</summary>
/// <param name="Bytes">The bytes; valid until the next event is asked for.</param>
/// <param name="IsLast">Whether the answer ends with these (for a stream: they hold the terminal frame). They are sent only after the ledger's commit.</param>
public sealed record WireFrames(ReadOnlyMemory<byte> Bytes, bool IsLast) : ChatEvent
{
    /// <summary>Whether the upstream itself says at their end why the answer has failed, in a form that ends a stream; <see cref="AttemptFailed"/> follows.</summary>
    public bool TellFailure { get; init; }
}

/// <summary>The attempt failed; nothing follows.</summary>
public sealed record AttemptFailed(Problem Problem) : ChatEvent;

/// <summary>Why a choice ended; names as in OpenAI's API. <see cref="Pause"/> is Anthropic's: a tool that its servers run needs another turn.</summary>
public enum FinishReason { Stop, Length, ToolCalls, ContentFilter, Unknown, Pause }

/// <summary>A token with its log-probability.</summary>
/// <param name="Token">The token's text.</param>
/// <param name="Logprob">Natural logarithm of its probability.</param>
/// <param name="Top">The most likely alternatives, itself possibly among them.</param>
/// <param name="Bytes">The token in UTF-8, where the upstream says: a token may be a part of a letter.</param>
public sealed record TokenLogprob(string Token, double Logprob, IReadOnlyList<TokenLogprob>? Top = null, IReadOnlyList<byte>? Bytes = null);
