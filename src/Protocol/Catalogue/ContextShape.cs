namespace Countersign.Protocol.Catalogue;

/// <summary>What a model's memory depends on beside its number of weights. Layers that keep a fixed state (linear attention, Mamba) are in none of the counts.</summary>
public sealed record ContextShape
{
    private const int BytesPerNumber = 2; // Caches are kept in 16 bits.

    /// <summary>All layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Numbers of a token's vector; <c>null</c>: not known.</summary>
    public int? Width { get; init; }

    /// <summary>Tokens of the vocabulary; <c>null</c>: not known.</summary>
    public int? Vocabulary { get; init; }

    /// <summary>Key-value heads.</summary>
    public int KvHeads { get; init; }

    /// <summary>Numbers of a head.</summary>
    public int HeadDim { get; init; }

    /// <summary>Numbers per token and layer where keys and values are kept as one (multi-head latent attention); <c>null</c>: they are not.</summary>
    public int? Latent { get; init; }

    /// <summary>Layers whose cache grows with the context; <c>null</c>: all.</summary>
    public int? GrowingLayers { get; init; }

    /// <summary>Entries that a growing layer keeps per token, on average; below 1 where it compresses. <c>null</c>: one.</summary>
    public double? EntriesPerToken { get; init; }

    /// <summary>Layers that keep only the last <see cref="Window"/> tokens.</summary>
    public int WindowLayers { get; init; }

    /// <summary>Tokens of the window.</summary>
    public int Window { get; init; }

    /// <summary>Key-value heads of the layers with a window; <c>null</c>: as elsewhere.</summary>
    public int? WindowKvHeads { get; init; }

    /// <summary>Numbers of their heads; <c>null</c>: as elsewhere.</summary>
    public int? WindowHeadDim { get; init; }

    /// <summary>Their <see cref="Latent"/>.</summary>
    public int? WindowLatent { get; init; }

    /// <summary>Bytes by which the cache grows with each token, once all windows are full.</summary>
    public long BytesPerToken => (long)((GrowingLayers ?? Layers) * (EntriesPerToken ?? 1) * NumbersPerEntry * BytesPerNumber);

    /// <summary>Bytes of the cache of one context.</summary>
    /// <param name="tokens">Its length.</param>
    public long CacheBytes(long tokens) => tokens * BytesPerToken + WindowLayers * Math.Min(tokens, Window) * WindowNumbers * BytesPerNumber;

    private long NumbersPerEntry => Latent ?? 2 * KvHeads * HeadDim;

    private long WindowNumbers => WindowLatent ?? 2 * (WindowKvHeads ?? KvHeads) * (WindowHeadDim ?? HeadDim);
}
