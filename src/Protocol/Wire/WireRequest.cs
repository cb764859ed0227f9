using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Wire.OpenAiChat;

namespace Countersign.Protocol.Wire;

/// <summary>A request body with what a plain gateway must know of it, found in one pass without building a tree:
/// the body is valid JSON within the depth limit, and the fields named here are of the right type.</summary>
public sealed class WireRequest
{
    /// <summary>The API of the endpoint that it came to.</summary>
    public required WireApiKind Api { get; init; }

    /// <summary>The bytes as received (UTF-8 JSON).</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The <c>model</c>.</summary>
    public required string Model { get; init; }

    /// <summary>Whether <c>stream</c> is true.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the stream shall end with its usage (<c>stream_options.include_usage</c>; true for APIs without that switch).</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>The most output tokens asked for, if any.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>How many choices are asked for.</summary>
    public int ChoiceCount { get; init; } = 1;

    /// <summary>The caller's <c>prompt_cache_key</c>, if any.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>The request's <c>anthropic-beta</c> header, if any.</summary>
    public string? Betas { get; init; }

    /// <summary>Whether it has a field that may say how much to think.</summary>
    public bool AsksThinking { get; init; }

    /// <summary>Its <c>tools</c>, as written (JSON); empty where there are none.</summary>
    public ReadOnlyMemory<byte> Tools => Body.Slice(Ranges.Tools.Start, Ranges.Tools.Length);

    /// <summary>Its <c>tool_choice</c>, as written (JSON); empty where there is none.</summary>
    public ReadOnlyMemory<byte> ToolChoice => Body.Slice(Ranges.ToolChoice.Start, Ranges.ToolChoice.Length);

    /// <summary>Where the values are that forwarding changes.</summary>
    internal WireRanges Ranges { get; init; }

    /// <summary>The request in full, read on first use.</summary>
    /// <exception cref="Problems.ProblemException">A field is of the wrong type or out of range.</exception>
    public ChatRequest Parsed => parsed ??= WireApi.For(Api).ReadRequest(this) with { Betas = Betas };

    /// <summary>Whether its bytes say already what <paramref name="thinking"/> shall say.</summary>
    public bool Says(AppliedThinking thinking)
    {
        ArgumentNullException.ThrowIfNull(thinking);
        if (thinking.Said is not null) return false;
        if (Api != WireApiKind.OpenAiChat || thinking.Fields is null) return Parsed.Thinking == thinking.Told;
        return Parsed.Origin is { Body: var body } && ThinkingFields.AreIn(body, thinking.Fields);
    }

    private ChatRequest? parsed;
}
