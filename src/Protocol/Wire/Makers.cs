namespace Countersign.Protocol.Wire;

/// <summary>Makers who seal reasoning, as in <see cref="Chat.ReasoningPart.Maker"/>.</summary>
public static class Makers
{
    /// <summary>Claude's.</summary>
    public const string Anthropic = "anthropic";

    /// <summary>GPT's.</summary>
    public const string OpenAi = "openai";

    /// <summary>Gemini's.</summary>
    public const string Google = "google";

    /// <summary>Grok's.</summary>
    public const string XAi = "xai";

    /// <summary>Whose seals the clients of an API hold without a mark; <c>null</c> where no maker's are its own.</summary>
    public static string? OwnOf(WireApiKind api) => api switch
    {
        WireApiKind.AnthropicMessages => Anthropic,
        WireApiKind.OpenAiResponses => OpenAi,
        WireApiKind.Gemini => Google,
        _ => null,
    };

    /// <summary>Whether a thought of a request that came in an API is known to be sealed by <paramref name="maker"/>.</summary>
    internal static bool IsFrom(string? maker, Chat.ReasoningPart thought, WireApiKind api) => maker is not null && (thought.Maker ?? OwnOf(api)) == maker;

    /// <summary>Who alone is behind a server of the tables; <c>null</c> where that may be anyone.</summary>
    internal static string? OfServer(string? server) => server switch
    {
        Anthropic or OpenAi or XAi => server,
        "gemini" or "gemini-openai" => Google,
        _ => null,
    };
}
