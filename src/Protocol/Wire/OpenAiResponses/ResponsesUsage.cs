using System.Text.Json;
using Countersign.Protocol.Chat;

namespace Countersign.Protocol.Wire.OpenAiResponses;

/// <summary>The Responses API's <c>usage</c>: input includes what was cached, output includes reasoning, as ours do. <see cref="OpenAiUsage"/> reads it.</summary>
internal static class ResponsesUsage
{
    /// <summary>Writes the <c>usage</c> member, <c>null</c> where the totals are not known. Details that are not known are left out:
    /// clients would take a <c>null</c> for zero.</summary>
    public static void Write(Utf8JsonWriter json, Usage? usage)
    {
        if (usage is not { InputTokens: { } input, OutputTokens: { } output })
        {
            json.WriteNull("usage"u8);
            return;
        }

        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, input);
        WriteInputDetails(json, usage);
        json.WriteNumber("output_tokens"u8, output);
        json.WriteStartObject("output_tokens_details"u8);
        WriteKnown(json, "reasoning_tokens"u8, usage.ReasoningTokens);
        json.WriteEndObject();
        json.WriteNumber("total_tokens"u8, input + output);
        json.WriteEndObject();
    }

    private static void WriteInputDetails(Utf8JsonWriter json, Usage usage)
    {
        long? written = usage.CacheWriteTokens is null ? usage.LongCacheWriteTokens : usage.CacheWriteTokens + (usage.LongCacheWriteTokens ?? 0);
        json.WriteStartObject("input_tokens_details"u8);
        WriteKnown(json, "cached_tokens"u8, usage.CachedInputTokens);
        WriteKnown(json, "cache_write_tokens"u8, written);
        json.WriteEndObject();
    }

    private static void WriteKnown(Utf8JsonWriter json, ReadOnlySpan<byte> name, long? value)
    {
        if (value is { } number) json.WriteNumber(name, number);
    }
}
