using Countersign.Engine.Sampling;

namespace Countersign.Engine;

/// <summary>What is to be generated: a prompt in tokens, and how to go on from it.</summary>
public sealed record GenerationRequest
{
    /// <summary>The prompt's token ids, begin token included where the model wants one. Not empty.</summary>
    public required IReadOnlyList<int> Prompt { get; init; }

    /// <summary>How tokens are chosen; the seed is among it.</summary>
    public SamplingOptions Sampling { get; init; } = new();

    /// <summary>Texts that end an answer; they are not part of it.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>What the answer must look like; null is anything. An answer that is complete ends, and one that reaches its most tokens before is cut off.</summary>
    public OutputGrammar? Grammar { get; init; }

    /// <summary>The text after which <see cref="Grammar"/> begins, such as the mark that closes a thought; null is at once.</summary>
    public string? GrammarAfter { get; init; }

    /// <summary>The token, by its text, with which an answer may begin so that its grammar waits for <see cref="GrammarAfter"/>, such as the mark that opens a thought;
    /// where it begins otherwise, the grammar holds from the beginning. Null: it waits in any case.</summary>
    public string? GrammarWaitsIf { get; init; }

    /// <summary>Most tokens of an answer; null is until the context is full. With 0 only the prompt is evaluated.</summary>
    public int? MaxTokens { get; init; }

    /// <summary>How many answers (<c>n</c>), each with random numbers of its own.</summary>
    public int Choices { get; init; } = 1;

    /// <summary>How many of the best tokens are reported beside each generated one, at most 128; 0 is its own log-probability alone, null nothing.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Whether the prompt's own log-probabilities are wanted (<c>echo</c> with <c>logprobs</c>), with <see cref="TopLogprobs"/> beside each.
    /// The whole prompt is computed then: nothing of it is taken from the cache.</summary>
    public bool PromptLogprobs { get; init; }

    /// <summary>Goes on after an end-of-generation token; for measurements.</summary>
    public bool IgnoreEndOfGeneration { get; init; }

    /// <summary>Writes control tokens of the answer out as text (some families mark their tool calls with them).</summary>
    public bool IncludeSpecialTokens { get; init; }
}
