namespace Countersign.Protocol.Templates;

/// <summary>How much a template may do before it is stopped. A prompt of a million tokens stays far below the defaults.</summary>
public sealed record TemplateLimits
{
    /// <summary>The limits unless others are given.</summary>
    public static TemplateLimits Default { get; } = new();

    /// <summary>The longest text that may be rendered or held by one value, in UTF-16 units.</summary>
    public int TextLength { get; init; } = 16 << 20;

    /// <summary>All text made while rendering, thrown-away values included, in UTF-16 units.</summary>
    public long TotalText { get; init; } = 128 << 20;

    /// <summary>Steps: nodes visited, loop rounds, items copied or compared.</summary>
    public long Steps { get; init; } = 5_000_000;

    /// <summary>Calls of macros within calls of macros.</summary>
    public int CallDepth { get; init; } = 250;
}
