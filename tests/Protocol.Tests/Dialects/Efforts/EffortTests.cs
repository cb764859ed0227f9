using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Tests.Dialects.Efforts;

public sealed class EffortTests
{
    [Theory]
    [InlineData("Qwen/Qwen3-30B-A3B", "vllm", "off", """{"chat_template_kwargs":{"enable_thinking":false}}""")]
    [InlineData("qwen3:30b-a3b", "ollama", "off", """{"reasoning_effort":"none"}""")]
    [InlineData("qwen/qwen3-235b-a22b", "openrouter", "off", """{"reasoning":{"enabled":false}}""")]
    [InlineData("qwen3-235b-a22b", "alibaba", "high", """{"enable_thinking":true,"thinking_budget":16384}""")]
    [InlineData("deepseek-ai/DeepSeek-V3.1", "vllm", "high", """{"chat_template_kwargs":{"thinking":true}}""")]
    [InlineData("deepseek-v4-pro", "deepseek", "medium", """{"thinking":{"type":"enabled"},"reasoning_effort":"high"}""")]
    [InlineData("moonshotai/Kimi-K2.5", "sglang", "off", """{"chat_template_kwargs":{"thinking":false}}""")]
    [InlineData("kimi-k2.6", "moonshot", "off", """{"thinking":{"type":"disabled"}}""")]
    [InlineData("MiniMaxAI/MiniMax-M3", "vllm", "low", """{"chat_template_kwargs":{"thinking_mode":"enabled"}}""")]
    [InlineData("MiniMax-M3", "minimax", "low", """{"thinking":{"type":"adaptive"},"reasoning_split":true}""")]
    [InlineData("glm-5.2", "z.ai", "low", """{"thinking":{"type":"enabled"},"reasoning_effort":"high"}""")]
    [InlineData("zai-glm-4.7", "cerebras", "off", """{"reasoning_effort":"none"}""")]
    [InlineData("openai/gpt-oss-120b", "groq", "off", """{"reasoning_effort":"low"}""")]
    [InlineData("gpt-oss-20b-mxfp4.gguf", "llama.cpp", "high", """{"chat_template_kwargs":{"reasoning_effort":"high"}}""")]
    [InlineData("gpt-5-mini", "openai", "max", """{"reasoning_effort":"high"}""")]
    [InlineData("gpt-5.6-sol", "openai", "max", """{"reasoning_effort":"max"}""")]
    [InlineData("claude-sonnet-4-20250514", "anthropic", "low", """{"thinking":{"type":"enabled","budget_tokens":4096}}""")]
    [InlineData("claude-sonnet-5", "anthropic", "low", """{"thinking":{"type":"adaptive"},"output_config":{"effort":"low"}}""")]
    [InlineData("gemini-2.5-flash", "gemini", "off", """{"thinkingConfig":{"thinkingBudget":0}}""")]
    [InlineData("gemini-3.5-flash", "gemini", "minimal", """{"thinkingConfig":{"thinkingLevel":"minimal","includeThoughts":true}}""")]
    [InlineData("nvidia/NVIDIA-Nemotron-3-Super-120B-A12B", "vllm", "low", """{"chat_template_kwargs":{"enable_thinking":true,"low_effort":true}}""")]
    [InlineData("meta-llama/Llama-3.1-8B-Instruct", "vllm", "high", "{}")]
    public void Apply_KnownModelOnAKnownServer_SetsItsFields(string model, string server, string asked, string fields)
    {
        var applied = Effort.Apply(asked == "off" ? new Thinking(ThinkingLevel.Off) : Thinking.Of(asked)!, EffortRules.For(model, server), null);
        Assert.Equal(JsonNode.Parse(fields)!.ToJsonString(), applied.Fields!.ToJsonString());
    }

    [Theory]
    [InlineData("Qwen/Qwen3-32B", "vllm", "high", "asked=high applied=on clamped=true")]
    [InlineData("Qwen/QwQ-32B", "vllm", "off", "asked=off applied=on clamped=true")]
    [InlineData("deepseek-r1", "groq", "high", "asked=high applied=on clamped=true")]
    [InlineData("gpt-oss-20b", "ollama", "minimal", "asked=minimal applied=low clamped=true")]
    [InlineData("o3", "openai", "medium", "asked=medium applied=medium clamped=false")]
    [InlineData("glm-5.2", "openrouter", "max", "asked=max applied=xhigh clamped=false")]
    [InlineData("gpt-5.6-luna", "openai", "xhigh", "asked=max applied=xhigh clamped=false")]
    [InlineData("claude-fable-5", "anthropic", "off", "asked=off applied=low clamped=true")]
    [InlineData("gemini-2.5-pro", "gemini", "off", "asked=off applied=128 clamped=true")]
    [InlineData("microsoft/phi-4", "vllm", "off", "asked=off applied=off clamped=false")]
    [InlineData("microsoft/phi-4", "vllm", "high", "asked=high applied=off clamped=true")]
    [InlineData("Qwen/Qwen3-32B", "fireworks", "off", "asked=off applied=off clamped=false assumed=true")]
    [InlineData("Qwen/Qwen3-32B", "my-own-server", "off", "asked=off applied=off clamped=false assumed=true")]
    [InlineData("nobodys-model-7b", "vllm", "high", "asked=high applied=unknown clamped=false assumed=true")]
    public void Apply_Anything_SaysWhatWasApplied(string model, string server, string asked, string said) =>
        Assert.Equal(said, Effort.Apply(Thinking.Of(asked)!, EffortRules.For(model, server), null).ToString());

    [Theory]
    [InlineData("Qwen/Qwen3-Coder-480B-A35B-Instruct", "qwen3-coder")]
    [InlineData("qwen3:8b", "qwen3")]
    [InlineData("accounts/fireworks/models/glm-5p2", "glm-5.2")]
    [InlineData("anthropic.claude-sonnet-4-20250514-v1:0", "claude-sonnet-4")]
    [InlineData("deepseek/deepseek-r1:free", "deepseek-r1")]
    [InlineData("gpt-5.6-terra", "gpt-5.6")]
    [InlineData("gpt-5-nano", "gpt-5")]
    [InlineData("glm-4.5", "glm-4.5")]
    [InlineData("nobodys-model-7b", null)]
    public void FamilyOf_NameAsAHostWritesIt_IsFound(string model, string? family) => Assert.Equal(family, EffortRules.FamilyOf(model));

    [Fact]
    public void Apply_BudgetAboveTheMaximum_IsRefused()
    {
        var problem = Assert.Throws<ProblemException>(() => Effort.Apply(new Thinking(null, 40000), EffortRules.For("gemini-2.5-flash", "gemini"), null)).Problem;
        Assert.Equal((ProblemKind.InvalidRequest, "thinking", "thinking_budget_too_large"), (problem.Kind, problem.Param, problem.Code));
        Assert.Contains("24576", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude-sonnet-4", "anthropic", 100, "1024", true)] // below the least
    [InlineData("gpt-5", "openai", 4000, "low", true)] // levels only
    [InlineData("Qwen/Qwen3-32B", "sglang", 4000, "on", true)] // a switch only
    [InlineData("Qwen/Qwen3-32B", "vllm", 4000, "4000", false)]
    public void Apply_Budget_BecomesWhatTheServerTakes(string model, string server, int tokens, string said, bool clamped)
    {
        var applied = Effort.Apply(new Thinking(null, tokens), EffortRules.For(model, server), null);
        Assert.Equal((said, clamped), (applied.Applied, applied.Clamped));
    }

    [Theory]
    [InlineData(100_000, "high", 16384)]
    [InlineData(8192, "high", 4096)] // thinking shares the limit: half of it
    [InlineData(1000, "off", null)] // not even the least fits
    public void Apply_LevelMadeIntoABudget_LeavesRoomForTheAnswer(int maxOutputTokens, string said, int? budget)
    {
        var applied = Effort.Apply(new Thinking(ThinkingLevel.High), EffortRules.For("claude-sonnet-4", "anthropic"), maxOutputTokens);
        Assert.Equal((said, budget), (applied.Applied, applied.Told?.BudgetTokens));
    }

    [Theory]
    [InlineData("Qwen/Qwen3-30B-A3B-Instruct-2507", ThinkingLevel.High, "qwen3-30b-a3b-thinking-2507")]
    [InlineData("qwen3-30b-a3b-thinking-2507", ThinkingLevel.Off, "qwen3-30b-a3b-instruct-2507")]
    [InlineData("grok-4.20-0309-non-reasoning", ThinkingLevel.Low, "grok-4.20-0309-reasoning")]
    [InlineData("allenai/Olmo-3-32B-Think", ThinkingLevel.Off, "olmo-3-32b-instruct")]
    [InlineData("qwen3-30b-a3b-thinking-2507", ThinkingLevel.High, null)]
    [InlineData("Qwen/Qwen3-32B", ThinkingLevel.Off, null)]
    public void SiblingOf_FamilyThatSwitchesByModel_IsNamed(string model, ThinkingLevel asked, string? sibling) =>
        Assert.Equal(sibling, EffortRules.For(model, "vllm").SiblingOf(model, new Thinking(asked)));
}
