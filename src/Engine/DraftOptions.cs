namespace Countersign.Engine;

/// <summary>A draft model: it guesses the next tokens of an answer, and the model computes several of them in one step to see which hold.</summary>
public sealed record DraftOptions
{
    internal const int MostPossible = 64;

    /// <summary>Its GGUF file. Its vocabulary must be the model's, and neither of the two may have recurrent layers.</summary>
    public required string Path { get; init; }

    /// <summary>Most tokens of a guess, 1 to 64 (llama-server's <c>--draft-max</c>). Guesses grow up to it while they hold.</summary>
    public int Most { get; init; } = 16;

    /// <summary>Fewest tokens of a guess (<c>--draft-min</c>): where there is no room for so many, none is made.</summary>
    public int Least { get; init; }

    /// <summary>The SHA-256 that the file must have, in hexadecimal; null does not check.</summary>
    public string? ExpectedSha256 { get; init; }
}
