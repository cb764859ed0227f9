namespace Countersign.Protocol.Catalogue;

/// <summary>What a model takes and does on a machine, worked out from the catalogue: nothing is downloaded. <c>null</c> is not known.</summary>
/// <param name="Weights">Bytes of the weights.</param>
/// <param name="Cache">Bytes of the keys and values of one context, in 16 bits.</param>
/// <param name="Work">Bytes of the intermediate results, about.</param>
/// <param name="ReadPerToken">Bytes of the weights that are read for each token: fewer than all in a mixture of experts.</param>
public sealed record MemoryEstimate(long Weights, long? Cache, long? Work, long ReadPerToken)
{
    private const int RowsAtOnce = 512, BytesPerNumber = 64; // As our engine: the vectors of a row take about this, all spaces together.

    /// <summary>All of it; where a part is not known, the rest.</summary>
    public long Total => Weights + (Cache ?? 0) + (Work ?? 0);

    /// <summary>Whether nothing of <see cref="Total"/> is missing.</summary>
    public bool IsComplete => Cache is not null && Work is not null;

    /// <summary>What <paramref name="model"/> takes; <c>null</c> where its number of weights is not known.</summary>
    /// <param name="model">The model.</param>
    /// <param name="form">How its weights are kept.</param>
    /// <param name="contextTokens">The length of the context.</param>
    public static MemoryEstimate? Of(CatalogueModel model, Quantisation form, long contextTokens)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(form);
        if (model.Parameters?.Value is not { } weights) return null;
        var shape = model.Shape?.Value;
        return new MemoryEstimate(
            form.BytesOf(weights.Total, shape),
            shape?.CacheBytes(contextTokens),
            shape?.Width * Math.Min(contextTokens, RowsAtOnce) * BytesPerNumber,
            form.BytesOf(weights.Active, shape));
    }

    /// <summary>The most tokens per second of one conversation, where memory is read at <paramref name="bytesPerSecond"/>: every weight that works on a token, and the cache so far, are read once for it.</summary>
    /// <param name="bytesPerSecond">The bandwidth.</param>
    /// <param name="cacheBytes">The cache so far.</param>
    public double TokensPerSecond(double bytesPerSecond, long cacheBytes) => bytesPerSecond / (ReadPerToken + cacheBytes);
}
