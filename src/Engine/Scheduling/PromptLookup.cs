namespace Countersign.Engine.Scheduling;

/// <summary>Guesses what an answer goes on with from what stands earlier in prompt and answer (prompt lookup, github.com/apoorvumang/prompt-lookup-decoding, 2023): where its last tokens
/// stood before, what followed them there is computed along with the next token. Whether a guess holds is for the sampler to say, so that guesses cost time or
/// save it and change no answer.</summary>
internal sealed class PromptLookup
{
    private const int Pattern = 3;
    private const int MostGuessed = 8;

    /// <summary>How long guesses are.</summary>
    public GuessPace Pace { get; } = new(1, MostGuessed, patience: 0);

    /// <summary>Where the guess stands among the tokens, and how long it is. It may run over their end: what repeats itself goes on repeating itself.</summary>
    /// <param name="tokens">Everything known.</param>
    /// <param name="room">How many tokens may still come.</param>
    public (int Start, int Count) Guess(ReadOnlySpan<int> tokens, int room) =>
        Pace.Next(room) is > 0 and int count && tokens.Length > Pattern && tokens[..^1].LastIndexOf(tokens[^Pattern..]) is >= 0 and int found ? (found + Pattern, count) : (0, 0);
}
