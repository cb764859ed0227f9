namespace Countersign.Engine.Sampling;

/// <summary>How the next token is chosen. Names and order of the steps are llama.cpp's: logit bias, penalties, top-k, typical, top-p, min-p, temperature.</summary>
public sealed record SamplingOptions
{
    /// <summary>Divides the logits before the draw; 0 takes the best token always.</summary>
    public float Temperature { get; init; } = 1f;

    /// <summary>Only the best so many tokens; 0 for all.</summary>
    public int TopK { get; init; }

    /// <summary>The best tokens that together have this probability, in (0, 1]; 1 for all.</summary>
    public float TopP { get; init; } = 1f;

    /// <summary>Only tokens at least this fraction as probable as the best, in [0, 1); 0 for all.</summary>
    public float MinP { get; init; }

    /// <summary>The tokens nearest to the expected information that together have this probability, in (0, 1]; 1 for all.</summary>
    public float TypicalP { get; init; } = 1f;

    /// <summary>Divides a positive logit of a token seen before, multiplies a negative one; 1 for none.</summary>
    public float RepetitionPenalty { get; init; } = 1f;

    /// <summary>Taken off the logit once for each token seen before, in [-2, 2]; 0 for none.</summary>
    public float PresencePenalty { get; init; }

    /// <summary>Taken off the logit for each time a token was seen before, in [-2, 2]; 0 for none.</summary>
    public float FrequencyPenalty { get; init; }

    /// <summary>How many of the last tokens, of prompt and answer, count as seen; -1 for all.</summary>
    public int PenaltyLastN { get; init; } = 64;

    /// <summary>Added to the logits of these token ids before anything else; negative infinity forbids a token.</summary>
    public IReadOnlyDictionary<int, float> LogitBias { get; init; } = new Dictionary<int, float>();

    /// <summary>Same seed, same choices, whatever the machine and whatever else is served.</summary>
    public ulong Seed { get; init; }

    internal bool HasPenalties => PenaltyLastN != 0 && (RepetitionPenalty != 1f || PresencePenalty != 0f || FrequencyPenalty != 0f);

    /// <summary>Says what is out of range, or nothing.</summary>
    /// <exception cref="ArgumentException">A value is out of its range; the message names it.</exception>
    public void Validate(int vocabularySize)
    {
        Require(float.IsFinite(Temperature) && Temperature >= 0, nameof(Temperature), "a number of at least 0");
        Require(TopK >= 0, nameof(TopK), "at least 0");
        Require(TopP is > 0 and <= 1, nameof(TopP), "above 0 and at most 1");
        Require(MinP is >= 0 and < 1, nameof(MinP), "at least 0 and below 1");
        Require(TypicalP is > 0 and <= 1, nameof(TypicalP), "above 0 and at most 1");
        Require(float.IsFinite(RepetitionPenalty) && RepetitionPenalty > 0, nameof(RepetitionPenalty), "above 0");
        Require(float.IsFinite(PresencePenalty), nameof(PresencePenalty), "a number");
        Require(float.IsFinite(FrequencyPenalty), nameof(FrequencyPenalty), "a number");
        Require(PenaltyLastN >= -1, nameof(PenaltyLastN), "at least -1");
        foreach ((int id, float bias) in LogitBias)
        {
            Require((uint)id < (uint)vocabularySize, nameof(LogitBias), $"about tokens below {vocabularySize}; {id} is none");
            Require(!float.IsNaN(bias) && !float.IsPositiveInfinity(bias), nameof(LogitBias), "a number or negative infinity");
        }
    }

    private static void Require(bool holds, string name, string what)
    {
        if (!holds) throw new ArgumentException($"{name} must be {what}.");
    }
}
