using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Gemini's counting, turned into ours: its prompt includes what a cache answered but not what tools at Google's brought in, its candidates leave out their thoughts. Zeros are left out.</summary>
internal static class GeminiUsage
{
    /// <summary>What <c>usageMetadata</c> says, with its own words; <c>null</c> where it counts nothing.</summary>
    /// <param name="metadata">The object.</param>
    /// <param name="isFinal">Whether the answer is complete: before, its output is counted in part only, and so not known.</param>
    public static UsageReported? Report(JsonElement metadata, bool isFinal)
    {
        long? input = Sum(metadata.Member("promptTokenCount"u8).Count(), metadata.Member("toolUsePromptTokenCount"u8).Count());
        long? thoughts = isFinal ? metadata.Member("thoughtsTokenCount"u8).Count() : null;
        long? output = isFinal ? Sum(metadata.Member("candidatesTokenCount"u8).Count(), thoughts) : null;
        if (input is null && output is null) return null;
        var usage = new Usage
        {
            InputTokens = input,
            CachedInputTokens = metadata.Member("cachedContentTokenCount"u8).Count(),
            OutputTokens = output,
            ReasoningTokens = thoughts,
            OtherTokens = metadata.Member("totalTokenCount"u8).Count() - input - output is > 0 and var other ? other : null,
        };
        return new UsageReported(usage, OpenAiUsage.RawOf(metadata));
    }

    private static long? Sum(long? left, long? right) => left is null ? right : left + (right ?? 0);
}
