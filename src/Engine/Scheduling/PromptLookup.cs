namespace Countersign.Engine.Scheduling;

/// <summary>Guesses what an answer goes on with from what stands earlier in prompt and answer (prompt lookup, github.com/apoorvumang/prompt-lookup-decoding, 2023): where its last tokens
/// stood before, what followed them there is computed along with the next token. Whether a guess holds is for the sampler to say, so that guesses cost time or
/// save it and change no answer. Guesses grow while they hold and pause after they failed.</summary>
internal sealed class PromptLookup
{
    private const int Pattern = 3;
    private const int MostGuessed = 8;
    private const int LongestPause = 32; // Steps.

    private int length = 2;
    private int failures;
    private int pause;

    /// <summary>Where the guess stands among the tokens, and how long it is. It may run over their end: what repeats itself goes on repeating itself.</summary>
    /// <param name="tokens">Everything known.</param>
    /// <param name="most">Most tokens of it.</param>
    public (int Start, int Count) Guess(ReadOnlySpan<int> tokens, int most)
    {
        if (pause > 0) pause--;
        else if (most > 0 && tokens.Length > Pattern && tokens[..^1].LastIndexOf(tokens[^Pattern..]) is >= 0 and int found) return (found + Pattern, Math.Min(length, most));
        return (0, 0);
    }

    /// <summary>Learns how much of a guess held.</summary>
    public void Learn(int guessed, int held)
    {
        if (held == guessed) length = Math.Min(length * 2, MostGuessed);
        else length = Math.Max(1, held);
        failures = held > 0 ? 0 : failures + 1;
        pause = held > 0 ? 0 : Math.Min(LongestPause, 1 << Math.Min(failures, 10));
    }
}
