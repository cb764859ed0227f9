using Countersign.Engine.Sampling;

namespace Countersign.Engine;

/// <summary>One thing that happened to a request. Order: <see cref="PromptEvaluated"/> once, then for each choice its texts and one
/// <see cref="ChoiceFinished"/>; the events of several choices come interleaved.</summary>
public abstract record GenerationEvent;

/// <summary>The prompt has been computed.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">How many of them were found in the cache of earlier prompts.</param>
/// <param name="Logprobs">One entry for each token of the prompt, the first null, where they were asked for.</param>
public sealed record PromptEvaluated(int PromptTokens, int CachedTokens, IReadOnlyList<ScoredToken?>? Logprobs) : GenerationEvent;

/// <summary>A token was generated, or text that was held back is free now.</summary>
/// <param name="Choice">Which answer, from 0.</param>
/// <param name="Text">Whole characters that no stop string can take back; often more or less than the token's own text, and maybe empty.</param>
/// <param name="Token">The token; null where the answer's end set the text free.</param>
/// <param name="Logprob">The token's log-probability, where asked for.</param>
public sealed record TextGenerated(int Choice, string Text, int? Token, ScoredToken? Logprob) : GenerationEvent;

/// <summary>An answer is complete.</summary>
/// <param name="Choice">Which answer, from 0.</param>
/// <param name="Reason">Why it ended.</param>
/// <param name="StopSequence">The stop string that ended it, if one did.</param>
/// <param name="OutputTokens">Tokens generated, an end-of-generation token included.</param>
public sealed record ChoiceFinished(int Choice, FinishReason Reason, string? StopSequence, int OutputTokens) : GenerationEvent;

/// <summary>Why an answer ended.</summary>
public enum FinishReason
{
    /// <summary>The model ended it (or its grammar allowed nothing more).</summary>
    EndOfGeneration,

    /// <summary>A stop string was found.</summary>
    StopSequence,

    /// <summary>It has its most tokens, or the context is full.</summary>
    Length,
}

/// <summary>A token with its log-probability and the best tokens at its place, best first.</summary>
public sealed record ScoredToken(int Id, float Logprob, IReadOnlyList<TokenLogprob> Top);
