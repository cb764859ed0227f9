using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire;

/// <summary>The <c>usage</c> object of OpenAI's APIs, in the dialects of the servers that speak them. Reads chat's names (<c>prompt_tokens</c>) and Responses' (<c>input_tokens</c>).</summary>
internal static class OpenAiUsage
{
    // What an upstream says beyond that is not kept.
    private const int LongestRaw = 4096;

    /// <summary>What it reports, with its own words; <c>null</c> where it counts nothing.</summary>
    public static UsageReported? Report(JsonElement usage, JsonElement timings = default) =>
        Read(usage, timings) is { } read ? new UsageReported(read, RawOf(usage.IsObject() ? usage : timings)) : null;

    /// <summary>The object's own text, where it is of a size that a count can have.</summary>
    public static string? RawOf(JsonElement usage) => usage.GetRawText() is { Length: <= LongestRaw } raw ? raw : null;

    /// <summary>Reads it; <c>null</c> where it is no object or counts nothing.</summary>
    /// <param name="usage">The object.</param>
    /// <param name="timings">llama.cpp's <c>timings</c> beside it, or nothing.</param>
    public static Usage? Read(JsonElement usage, JsonElement timings = default)
    {
        if (!usage.IsObject()) return ReadTimings(timings);
        var inputDetails = First(usage, "prompt_tokens_details"u8, "input_tokens_details"u8);
        var outputDetails = First(usage, "completion_tokens_details"u8, "output_tokens_details"u8);
        long? input = First(usage, "prompt_tokens"u8, "input_tokens"u8).Count();
        long? output = First(usage, "completion_tokens"u8, "output_tokens"u8).Count();
        long? cached = inputDetails.Member("cached_tokens"u8).Count()
            ?? First(usage, "prompt_cache_hit_tokens"u8, "cached_tokens"u8).Count() // DeepSeek; Moonshot
            ?? usage.Member("cached_prompt_text_tokens"u8).Count() // xAI, once
            ?? timings.Member("cache_n"u8).Count();
        long? written = First(inputDetails, "cache_write_tokens"u8, "cache_creation_input_tokens"u8).Count(); // OpenAI, OpenRouter; Alibaba
        long? reasoning = outputDetails.Member("reasoning_tokens"u8).Count() ?? usage.Member("reasoning_tokens"u8).Count(); // sglang
        if (input is null && output is null) return null;
        long? total = usage.Member("total_tokens"u8).Count();
        output = WithReasoning(input, output, reasoning, total);
        if (cached > input) input += cached; // Some count the cached part apart.
        return new Usage
        {
            InputTokens = input,
            CachedInputTokens = cached,
            CacheWriteTokens = written,
            OutputTokens = output,
            ReasoningTokens = reasoning,
            OtherTokens = total - input - output is > 0 and var other ? other : null,
        };
    }

    /// <summary>llama.cpp's own count, where it says nothing in OpenAI's form.</summary>
    private static Usage? ReadTimings(JsonElement timings) => timings.Member("prompt_n"u8).Count() is not { } read ? null : new Usage
    {
        InputTokens = read + (timings.Member("cache_n"u8).Count() ?? 0),
        CachedInputTokens = timings.Member("cache_n"u8).Count(),
        OutputTokens = timings.Member("predicted_n"u8).Count(),
    };

    /// <summary>Writes chat's form, or <c>null</c> where the totals are not known: clients take an absent count for zero.</summary>
    public static void WriteChat(Utf8JsonWriter json, Usage? usage)
    {
        if (usage is not { InputTokens: { } input, OutputTokens: { } output })
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        json.WriteNumber("prompt_tokens"u8, input);
        json.WriteNumber("completion_tokens"u8, output);
        json.WriteNumber("total_tokens"u8, input + output);
        WriteDetail(json, "prompt_tokens_details", "cached_tokens", usage.CachedInputTokens);
        WriteDetail(json, "completion_tokens_details", "reasoning_tokens", usage.ReasoningTokens);
        json.WriteEndObject();
    }

    /// <summary>xAI's chat API leaves reasoning out of the output; its own total shows it.</summary>
    private static long? WithReasoning(long? input, long? output, long? reasoning, long? total) =>
        reasoning > 0 && total == input + output + reasoning ? output + reasoning : output;

    private static void WriteDetail(Utf8JsonWriter json, string name, string field, long? tokens)
    {
        if (tokens is null) return;
        json.WriteStartObject(name);
        json.WriteNumber(field, tokens.Value);
        json.WriteEndObject();
    }

    private static JsonElement First(JsonElement element, ReadOnlySpan<byte> name, ReadOnlySpan<byte> otherName) =>
        element.Member(name) is { ValueKind: not (JsonValueKind.Undefined or JsonValueKind.Null) } value ? value : element.Member(otherName);
}
