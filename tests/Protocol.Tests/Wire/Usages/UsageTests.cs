using System.Text.Json.Nodes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Protocol.Tests.Wire.Usages;

/// <summary>One record out of every way of counting.</summary>
public sealed class UsageTests
{
    private const WireApiKind Chat = WireApiKind.OpenAiChat, Anthropic = WireApiKind.AnthropicMessages, Responses = WireApiKind.OpenAiResponses, Gemini = WireApiKind.Gemini;

    [Theory]
    [InlineData("OpenAI", Chat, """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":600,"cache_write_tokens":200},"completion_tokens_details":{"reasoning_tokens":40}}""", 1000, 600, 200, null, 100, 40)]
    [InlineData("OpenAI Responses", Responses, """{"input_tokens":1000,"output_tokens":100,"total_tokens":1100,"input_tokens_details":{"cached_tokens":600},"output_tokens_details":{"reasoning_tokens":40}}""", 1000, 600, null, null, 100, 40)]
    [InlineData("Anthropic", Anthropic, """{"input_tokens":100,"cache_read_input_tokens":600,"cache_creation_input_tokens":300,"cache_creation":{"ephemeral_5m_input_tokens":200,"ephemeral_1h_input_tokens":100},"output_tokens":100,"output_tokens_details":{"thinking_tokens":40}}""", 1000, 600, 200, 100, 100, 40)]
    [InlineData("DeepSeek", Chat, """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_cache_hit_tokens":600,"prompt_cache_miss_tokens":400,"completion_tokens_details":{"reasoning_tokens":40}}""", 1000, 600, null, null, 100, 40)]
    [InlineData("Moonshot", Chat, """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"cached_tokens":600}""", 1000, 600, null, null, 100, null)]
    [InlineData("Alibaba", Chat, """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":600,"cache_creation_input_tokens":200,"cache_type":"ephemeral"}}""", 1000, 600, 200, null, 100, null)]
    [InlineData("xAI: reasoning apart", Chat, """{"prompt_tokens":1000,"completion_tokens":60,"total_tokens":1100,"prompt_tokens_details":{"cached_tokens":600},"completion_tokens_details":{"reasoning_tokens":40}}""", 1000, 600, null, null, 100, 40)]
    [InlineData("xAI: cached apart", Chat, """{"prompt_tokens":400,"completion_tokens":100,"prompt_tokens_details":{"cached_tokens":600}}""", 1000, 600, null, null, 100, null)]
    [InlineData("vLLM: cache not told", Chat, """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"prompt_tokens_details":null}""", 1000, null, null, null, 100, null)]
    [InlineData("SGLang", Chat, """{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"reasoning_tokens":40}""", 1000, null, null, null, 100, 40)]
    [InlineData("Gemini", Gemini, """{"promptTokenCount":900,"toolUsePromptTokenCount":100,"cachedContentTokenCount":600,"candidatesTokenCount":60,"thoughtsTokenCount":40,"totalTokenCount":1100}""", 1000, 600, null, null, 100, 40)]
    public void Read_ProvidersOwnCounting_IsOneRecord(string provider, WireApiKind api, string usage, int input, int? read, int? written, int? longWritten, int output, int? reasoning)
    {
        var expected = new Usage { InputTokens = input, CachedInputTokens = read, CacheWriteTokens = written, LongCacheWriteTokens = longWritten, OutputTokens = output, ReasoningTokens = reasoning };
        Assert.Equal((provider, expected), (provider, UsageCases.Read(api, JsonNode.Parse(usage)!.AsObject())));
    }

    [Fact]
    public void Read_TotalWithMoreThanInputAndOutput_KeepsTheRestApart() =>
        Assert.Equal(70, UsageCases.Read(Chat, JsonNode.Parse("""{"prompt_tokens":1000,"completion_tokens":100,"total_tokens":1170}""")!.AsObject()).OtherTokens);

    [Fact]
    public void Read_LlamaCppsTimings_TellTheCache()
    {
        var timings = JsonNode.Parse("""{"cache_n":600,"prompt_n":400,"predicted_n":100}""")!.AsObject();
        var usage = UsageCases.Report(Chat, JsonNode.Parse("""{"prompt_tokens":1000,"completion_tokens":100}""")!.AsObject(), timings).Usage;
        Assert.Equal((1000, 600, 100), (usage.InputTokens, usage.CachedInputTokens, usage.OutputTokens));
    }

    [Theory]
    [InlineData(Chat, """{"prompt_tokens":1000,"completion_tokens":100,"cost_in_usd_ticks":12345}""")]
    [InlineData(Anthropic, """{"input_tokens":100,"output_tokens":100,"server_tool_use":{"web_search_requests":3}}""")]
    public void Read_WhatTheRecordHasNoPlaceFor_IsKeptRaw(WireApiKind api, string usage) => Assert.Equal(usage, UsageCases.Report(api, JsonNode.Parse(usage)!.AsObject()).Raw);
}
