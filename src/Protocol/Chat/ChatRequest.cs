using System.Text.Json;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Chat;

/// <summary>A request for an answer, in the one form that the cascade, the validators and every provider understand.
/// Fields that this form does not know survive in <see cref="Extra"/> and reach an upstream that speaks the same API.</summary>
public sealed record ChatRequest
{
    /// <summary>The API that the caller spoke; <see cref="Extra"/> and all <c>Wire</c> members are in its form.</summary>
    public required WireApiKind Api { get; init; }

    /// <summary>The request model: a route, a pool or a deployment.</summary>
    public required string Model { get; init; }

    /// <summary>The conversation, oldest first; system and developer messages stand in it where the caller put them (Anthropic's <c>system</c> is the first).</summary>
    public required IReadOnlyList<ChatMessage> Messages { get; init; }

    /// <summary>The tools that the answer may call.</summary>
    public IReadOnlyList<ToolDefinition> Tools { get; init; } = [];

    /// <summary>Whether and which tool must be called; <c>null</c> leaves it to the upstream's default.</summary>
    public ToolChoice? ToolChoice { get; init; }

    /// <summary>Whether several tools may be called in one answer.</summary>
    public bool? ParallelToolCalls { get; init; }

    /// <summary>The form that the answer's text must have.</summary>
    public ResponseFormat? ResponseFormat { get; init; }

    /// <summary>The most output tokens, reasoning included.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>Sampling temperature.</summary>
    public double? Temperature { get; init; }

    /// <summary>Nucleus sampling mass, 0..1.</summary>
    public double? TopP { get; init; }

    /// <summary>Number of candidates kept by top-k sampling.</summary>
    public int? TopK { get; init; }

    /// <summary>OpenAI's frequency penalty, -2..2.</summary>
    public double? FrequencyPenalty { get; init; }

    /// <summary>OpenAI's presence penalty, -2..2.</summary>
    public double? PresencePenalty { get; init; }

    /// <summary>Texts that end the answer.</summary>
    public IReadOnlyList<string> Stop { get; init; } = [];

    /// <summary>Sampling seed.</summary>
    public long? Seed { get; init; }

    /// <summary>How many choices are asked for (<c>n</c>).</summary>
    public int ChoiceCount { get; init; } = 1;

    /// <summary>Whether log-probabilities of the output tokens are asked for.</summary>
    public bool Logprobs { get; init; }

    /// <summary>How many alternatives each log-probability carries.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>What thinking is asked for; <c>null</c> when the caller said nothing.</summary>
    public Thinking? Thinking { get; init; }

    /// <summary>The caller's own name for the end user.</summary>
    public string? User { get; init; }

    /// <summary>The caller's key for prompt caching; also a session's name.</summary>
    public string? PromptCacheKey { get; init; }

    /// <summary>The beta features that the caller asks for (Anthropic's <c>anthropic-beta</c> header, as it was sent).</summary>
    public string? Betas { get; init; }

    /// <summary>Whether the answer is wanted as a stream.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether a streamed answer ends with its usage (OpenAI's <c>stream_options.include_usage</c>; always true where the API has no such switch).</summary>
    public bool IncludeUsage { get; init; }

    /// <summary>The top-level fields that this record has no member for, by name, as the caller wrote them.</summary>
    public IReadOnlyDictionary<string, JsonElement> Extra { get; init; } = new Dictionary<string, JsonElement>();

    /// <summary>The request as it was read. Copies keep it, so that a writer of the same API knows what was changed since, and writes the rest just as the caller did.</summary>
    internal RequestOrigin? Origin { get; init; }
}

/// <summary>What a request was read from.</summary>
/// <param name="Body">The body, a JSON object.</param>
/// <param name="Request">What was read from it.</param>
internal sealed record RequestOrigin(JsonElement Body, ChatRequest Request);
