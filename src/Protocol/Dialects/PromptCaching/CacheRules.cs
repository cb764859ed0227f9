using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Dialects.PromptCaching;

/// <summary>Finds what a model's server wants to be told for its prompt cache. Where nothing is known, nothing is sent.</summary>
public static class CacheRules
{
    private const string Anthropic = "platform.claude.com/docs (2026-11); lengths from anthropic-sdk-python#1194 and dev.to/creeta, unverified";
    private const string Alibaba = "alibabacloud.com/help/model-studio/context-cache (2026-10); models unverified";
    private const string OpenRouter = "openrouter.ai/docs/guides/best-practices/prompt-caching (2026-11); least length unverified";
    private const string OpenAi = "developers.openai.com/api/docs/guides/prompt-caching (2026-11)";
    private const string XAi = "docs.x.ai/developers/advanced-api-usage/prompt-caching (2026-11)";
    private const string Groq = "console.groq.com/docs/prompt-caching (2026-11)";
    private const string Gemini = "ai.google.dev/gemini-api/docs/caching (2026-10)";
    private const string Collected = "collected facts of 2026-11-22, unverified";

    private static readonly CacheRule Keyed = new(CacheMarks.None, true, 1024);
    private static readonly CacheRule Breakpoints = new(CacheMarks.Breakpoints, true, 1024);

    /// <summary>The facts, the first that fits holds. A row without a rule: the server caches by itself, and all that helps is that prompts begin with the same bytes.</summary>
    internal static IReadOnlyList<CacheRow> Rows { get; } =
    [
        Blocks("anthropic", "claude-opus-5*", 512, Anthropic),
        Blocks("anthropic", "claude-fable-5*", 512, Anthropic),
        Blocks("anthropic", "claude-opus-4-7*", 2048, Anthropic),
        Blocks("anthropic", "claude-opus-4-5*", 4096, Anthropic),
        Blocks("anthropic", "claude-opus-4-6*", 4096, Anthropic),
        Blocks("anthropic", "claude-haiku-4-5*", 4096, Anthropic),
        Blocks("anthropic", "claude-3*haiku*", 2048, Anthropic),
        Blocks("anthropic", "*", 1024, Anthropic),
        new("alibaba", WireApiKind.OpenAiChat, "qwen*", new CacheRule(CacheMarks.Parts, false, 1024), Alibaba),
        new("alibaba", null, "*", null, Alibaba),
        new("openrouter", WireApiKind.OpenAiChat, "claude*", new CacheRule(CacheMarks.Parts, false, 1024), OpenRouter),
        new("openrouter", WireApiKind.OpenAiChat, "qwen*", new CacheRule(CacheMarks.Parts, false, 1024), OpenRouter),
        new("openrouter", null, "*", null, OpenRouter),
        new("openai", null, "gpt-5.6*", Breakpoints, OpenAi),
        new("openai", null, "gpt-6*", Breakpoints, OpenAi),
        new("openai", null, "*", Keyed, OpenAi),
        new("moonshot", WireApiKind.OpenAiChat, "*", Keyed, Collected),
        new("xai", WireApiKind.OpenAiResponses, "*", Keyed, XAi),
        new("xai", null, "*", null, XAi),
        new("groq", null, "*", null, Groq),
        new("gemini", null, "*", null, Gemini),
        new("gemini-openai", null, "*", null, Gemini),
        .. Alone("deepseek", "z.ai", "minimax", "vllm", "sglang", "llama.cpp"),
        new("engine", null, "*", null, "`src/Engine/Scheduling`"),
    ];

    /// <summary>The rule of a model, by its name or its family's, on a server that is asked in an API; <c>null</c> where nothing is to be sent.</summary>
    public static CacheRule? For(string model, string? server, WireApiKind api)
    {
        if (server is null) return null;
        string? plain = null;
        foreach (var row in Rows)
        {
            if (row.Server == server && (row.Api ?? api) == api && (row.Models == "*" || ModelNames.Matches(plain ??= ModelNames.Plain(model), row.Models))) return row.Rule;
        }

        return null;
    }

    private static CacheRow Blocks(string server, string models, int leastTokens, string source) =>
        new(server, WireApiKind.AnthropicMessages, models, new CacheRule(CacheMarks.Blocks, false, leastTokens), source);

    private static IEnumerable<CacheRow> Alone(params string[] servers) => servers.Select(server => new CacheRow(server, null, "*", null, Collected));
}

/// <summary>What is known of a server's prompt cache.</summary>
/// <param name="Server">The server.</param>
/// <param name="Api">The API in which it is asked; <c>null</c>: any.</param>
/// <param name="Models">A pattern of its models' plain names.</param>
/// <param name="Rule">What it wants to be told; <c>null</c>: nothing.</param>
/// <param name="Source">Where that is known from.</param>
internal sealed record CacheRow(string Server, WireApiKind? Api, string Models, CacheRule? Rule, string Source);
