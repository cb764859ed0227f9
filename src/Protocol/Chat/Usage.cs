namespace Countersign.Protocol.Chat;

/// <summary>Tokens of one or several calls, counted as OpenTelemetry's GenAI conventions demand. All in tokens; <c>null</c> is unknown, never zero.</summary>
public sealed record Usage
{
    /// <summary>All input tokens, those read from and written to a prompt cache included.</summary>
    public long? InputTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> that a prompt cache answered.</summary>
    public long? CachedInputTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> written to a cache that lives about five minutes.</summary>
    public long? CacheWriteTokens { get; init; }

    /// <summary>The part of <see cref="InputTokens"/> written to a cache that lives about an hour.</summary>
    public long? LongCacheWriteTokens { get; init; }

    /// <summary>All output tokens, reasoning included.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> spent on reasoning.</summary>
    public long? ReasoningTokens { get; init; }

    /// <summary>Tokens that the upstream has in its total and in neither <see cref="InputTokens"/> nor <see cref="OutputTokens"/>; it does not say what they are.</summary>
    public long? OtherTokens { get; init; }

    /// <summary>The sum of two usages. A side that does not know a figure adds nothing to it; a figure that neither knows stays unknown.</summary>
    public static Usage operator +(Usage left, Usage right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        return new Usage
        {
            InputTokens = Add(left.InputTokens, right.InputTokens),
            CachedInputTokens = Add(left.CachedInputTokens, right.CachedInputTokens),
            CacheWriteTokens = Add(left.CacheWriteTokens, right.CacheWriteTokens),
            LongCacheWriteTokens = Add(left.LongCacheWriteTokens, right.LongCacheWriteTokens),
            OutputTokens = Add(left.OutputTokens, right.OutputTokens),
            ReasoningTokens = Add(left.ReasoningTokens, right.ReasoningTokens),
            OtherTokens = Add(left.OtherTokens, right.OtherTokens),
        };
    }

    /// <summary>The same as <c>left + right</c>.</summary>
    public static Usage Add(Usage left, Usage right) => left + right;

    private static long? Add(long? left, long? right) => left is null ? right : right is null ? left : left + right;
}
