namespace Countersign.Protocol.Wire;

/// <summary>Some bytes of a body. <see cref="Length"/> 0: not there.</summary>
internal readonly record struct ByteRange(int Start, int Length)
{
    public bool IsThere => Length > 0;
}

/// <summary>Where a body has the values that forwarding changes; each range holds the value, not the key.</summary>
internal readonly record struct WireRanges
{
    /// <summary>The outermost <c>{</c>.</summary>
    public int Brace { get; init; }

    /// <summary>The model's name, quotes included.</summary>
    public ByteRange Model { get; init; }

    /// <summary><c>max_tokens</c>, or <c>max_output_tokens</c> in OpenAI's Responses API.</summary>
    public ByteRange MaxTokens { get; init; }

    /// <summary><c>max_completion_tokens</c>.</summary>
    public ByteRange MaxCompletionTokens { get; init; }

    /// <summary><c>stream_options</c>.</summary>
    public ByteRange StreamOptions { get; init; }

    /// <summary><c>stream_options.include_usage</c>.</summary>
    public ByteRange IncludeUsage { get; init; }

    /// <summary><c>tools</c>.</summary>
    public ByteRange Tools { get; init; }

    /// <summary><c>tool_choice</c>.</summary>
    public ByteRange ToolChoice { get; init; }
}
