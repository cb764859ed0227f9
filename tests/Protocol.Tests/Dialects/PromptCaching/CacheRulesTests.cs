using System.Text;
using Countersign.Protocol.Dialects.PromptCaching;
using Countersign.Protocol.Wire;
using Countersign.Tests;

namespace Countersign.Protocol.Tests.Dialects.PromptCaching;

/// <summary>Which server is told what, for which models.</summary>
public sealed class CacheRulesTests
{
    private const string Begin = "<!-- made by CacheRulesTests; COUNTERSIGN_REWRITE=1 makes it anew -->\n";

    [Theory]
    [InlineData("claude-sonnet-5", "anthropic", WireApiKind.AnthropicMessages, CacheMarks.Blocks, false, 1024)]
    [InlineData("claude-opus-5", "anthropic", WireApiKind.AnthropicMessages, CacheMarks.Blocks, false, 512)]
    [InlineData("claude-haiku-4-5-20251001", "anthropic", WireApiKind.AnthropicMessages, CacheMarks.Blocks, false, 4096)]
    [InlineData("claude-3-5-haiku-latest", "anthropic", WireApiKind.AnthropicMessages, CacheMarks.Blocks, false, 2048)]
    [InlineData("qwen3-max", "alibaba", WireApiKind.OpenAiChat, CacheMarks.Parts, false, 1024)]
    [InlineData("anthropic/claude-opus-5", "openrouter", WireApiKind.OpenAiChat, CacheMarks.Parts, false, 1024)]
    [InlineData("gpt-5.6-mini", "openai", WireApiKind.OpenAiChat, CacheMarks.Breakpoints, true, 1024)]
    [InlineData("gpt-5.6", "openai", WireApiKind.OpenAiResponses, CacheMarks.Breakpoints, true, 1024)]
    [InlineData("gpt-5-mini", "openai", WireApiKind.OpenAiResponses, CacheMarks.None, true, 1024)]
    [InlineData("o3", "openai", WireApiKind.OpenAiChat, CacheMarks.None, true, 1024)]
    [InlineData("kimi-k2.5", "moonshot", WireApiKind.OpenAiChat, CacheMarks.None, true, 1024)]
    [InlineData("grok-4.5", "xai", WireApiKind.OpenAiResponses, CacheMarks.None, true, 1024)]
    public void Rule_OfAServerThatIsTold_SaysWhat(string model, string server, WireApiKind api, CacheMarks marks, bool key, int least) =>
        Assert.Equal(new CacheRule(marks, key, least), CacheRules.For(model, server, api));

    [Theory]
    [InlineData("claude-sonnet-5", "vllm", WireApiKind.AnthropicMessages)]
    [InlineData("gemini-3-pro", "gemini", WireApiKind.Gemini)]
    [InlineData("deepseek-chat", "deepseek", WireApiKind.OpenAiChat)]
    [InlineData("Qwen/Qwen3-32B", "vllm", WireApiKind.OpenAiChat)]
    [InlineData("Qwen/Qwen3-32B", "sglang", WireApiKind.OpenAiChat)]
    [InlineData("grok-4.5", "xai", WireApiKind.OpenAiChat)]
    [InlineData("qwen3", "llama.cpp", WireApiKind.OpenAiChat)]
    [InlineData("deepseek-v3.2", "alibaba", WireApiKind.OpenAiChat)]
    [InlineData("openai/gpt-5", "openrouter", WireApiKind.OpenAiChat)]
    [InlineData("gpt-5.6", null, WireApiKind.OpenAiChat)]
    [InlineData("anything", "nobody-knows", WireApiKind.OpenAiChat)]
    public void Rule_OfAServerThatKeepsPromptsByItselfOrIsUnknown_IsNone(string model, string? server, WireApiKind api) => Assert.Null(CacheRules.For(model, server, api));

    [Fact]
    public void Document_HasTheTableMadeFromTheFacts()
    {
        string file = Path.Combine(SharedData.RepositoryRoot, "docs/prompt-caching.md");
        string text = File.ReadAllText(file);
        string expected = text[..(text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + Table();
        if (Environment.GetEnvironmentVariable("COUNTERSIGN_REWRITE") == "1") File.WriteAllText(file, expected);
        Assert.Equal(File.ReadAllText(file), expected);
    }

    private static string Table()
    {
        var table = new StringBuilder("\n| `server` | models | API | what is sent | shortest prefix, tokens | source |\n|---|---|---|---|---|---|\n");
        foreach (var row in CacheRules.Rows)
        {
            string models = row.Models == "*" ? "all (others)" : $"`{row.Models}`", api = row.Api is { } one ? WordOf(one) : "any";
            table.Append($"| {row.Server} | {models} | {api} | {Sent(row.Rule)} | {(row.Rule is { } rule ? rule.LeastTokens : "its own")} | {row.Source} |\n");
        }

        return table.ToString();
    }

    private static string Sent(CacheRule? rule) => rule switch
    {
        null => "nothing: it keeps prompts by itself",
        { Marks: CacheMarks.Blocks } => "`cache_control` after tools, system, history",
        { Marks: CacheMarks.Parts } => "`cache_control` after system, history",
        { Marks: CacheMarks.Breakpoints } => "`prompt_cache_key`; `prompt_cache_breakpoint` after the instructions",
        _ => "`prompt_cache_key`",
    };

    private static string WordOf(WireApiKind api) => api switch
    {
        WireApiKind.AnthropicMessages => "anthropic",
        WireApiKind.OpenAiChat => "openai",
        WireApiKind.OpenAiResponses => "openai_responses",
        _ => "gemini",
    };
}
