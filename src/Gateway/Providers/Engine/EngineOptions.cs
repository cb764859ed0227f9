namespace Countersign.Gateway.Providers.Engine;

/// <summary>How a provider's models are run in this process.</summary>
public sealed record EngineOptions
{
    /// <summary>The folder of GGUF files; <c>null</c>: none.</summary>
    public string? Models { get; init; }

    /// <summary>The most bytes that its loaded models take together; <c>null</c>: three quarters of the machine's (or container's) memory.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>How long a model stays loaded after its last request.</summary>
    public TimeSpan UnloadAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>The longest conversation in tokens, prompt and answer together, a model's own limit at most; 0: the model's own, but at most 8192.</summary>
    public int ContextLength { get; init; }

    /// <summary>Threads that compute; 0: one for each processor.</summary>
    public int Threads { get; init; }
}
