namespace Countersign.Engine;

/// <summary>How a model is loaded and served.</summary>
public sealed record EngineModelOptions
{
    /// <summary>Longest sequence in tokens, prompt and answer together; 0 is the model's own context, but at most 8192.</summary>
    public int ContextLength { get; init; }

    /// <summary>Threads that compute, the scheduler's own among them; 0 is one for each processor.</summary>
    public int Threads { get; init; }

    /// <summary>How many sequences are computed together; further ones wait.</summary>
    public int MaxSequences { get; init; } = 16;

    /// <summary>How many requests may wait before further ones are refused (<see cref="EngineErrorKind.QueueFull"/>).</summary>
    public int QueueLength { get; init; } = 128;

    /// <summary>Bytes for keys and values of all sequences together; 0 is room for four full contexts, but at most a quarter of memory.
    /// At least one full context is needed.</summary>
    public long CacheBytes { get; init; }

    /// <summary>Whether the next tokens of an answer are guessed from what stands earlier in prompt and answer and computed together, where at most two answers are in the making.
    /// Changes no answer: only how fast it comes. Models with recurrent layers do without.</summary>
    public bool PromptLookup { get; init; } = true;

    /// <summary>A smaller model that guesses the next tokens of an answer, in place of <see cref="PromptLookup"/>; null is none. Changes no answer: only how fast it comes.</summary>
    public DraftOptions? Draft { get; init; }

    /// <summary>The SHA-256 that the file must have, in hexadecimal; null does not check.</summary>
    public string? ExpectedSha256 { get; init; }

    /// <summary>Told how much is loaded, from 0 to 1, on the loading thread.</summary>
    public Action<double>? Progress { get; init; }

    internal const int DefaultContextLimit = 8192;

    internal int ThreadCount => Threads > 0 ? Threads : Environment.ProcessorCount;

    internal void Validate()
    {
        Require(ContextLength is >= 0 and <= 1 << 24, nameof(ContextLength), "between 0 and 16777216");
        Require(Threads is >= 0 and <= 1024, nameof(Threads), "between 0 and 1024");
        Require(MaxSequences is >= 1 and <= 1024, nameof(MaxSequences), "between 1 and 1024");
        Require(QueueLength >= 1, nameof(QueueLength), "at least 1");
        Require(CacheBytes >= 0, nameof(CacheBytes), "at least 0");
        if (Draft is not { } draft) return;
        Require(draft.Most is >= 1 and <= DraftOptions.MostPossible, "Draft.Most", $"between 1 and {DraftOptions.MostPossible}");
        Require(draft.Least >= 0 && draft.Least <= draft.Most, "Draft.Least", "between 0 and Draft.Most");
    }

    private static void Require(bool holds, string name, string what)
    {
        if (!holds) throw new EngineException(EngineErrorKind.InvalidRequest, $"{name} must be {what}.");
    }
}
