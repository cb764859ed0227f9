using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>Anthropic's counting, turned into ours and back. Its <c>input_tokens</c> leave out what a prompt cache answered or took in; ours include both.
/// Collects over a stream: a later figure replaces an earlier one, as all of them are totals of the message so far.
/// <para>The form demands numbers for <c>input_tokens</c> and <c>output_tokens</c>, and clients add them up: what is unknown is 0 there, and named in the member
/// <c>countersign_unknown</c> beside it, which is absent where both are known.</para></summary>
internal sealed class AnthropicUsage
{
    private static ReadOnlySpan<byte> Unknown => "countersign_unknown"u8;

    private long? input, cacheRead, cacheWrite, shortWrite, longWrite, output, thinking;

    /// <summary>The last <c>usage</c> object, as written.</summary>
    public string? Raw { get; private set; }

    /// <summary>Takes the figures of a <c>usage</c> object; those that it leaves out keep their value.</summary>
    public void Add(JsonElement usage)
    {
        if (usage.IsObject()) Raw = OpenAiUsage.RawOf(usage);
        AddInput(usage);
        output = Known(usage, "output_tokens"u8) ?? output;
        thinking = usage.Member("output_tokens_details"u8).Member("thinking_tokens"u8).Count() ?? thinking;
    }

    /// <summary>Takes the figures of the input only: a message that has just begun has not counted its output.</summary>
    public void AddInput(JsonElement usage)
    {
        input = Known(usage, "input_tokens"u8) ?? input;
        cacheRead = usage.Member("cache_read_input_tokens"u8).Count() ?? cacheRead;
        cacheWrite = usage.Member("cache_creation_input_tokens"u8).Count() ?? cacheWrite;
        var split = usage.Member("cache_creation"u8);
        shortWrite = split.Member("ephemeral_5m_input_tokens"u8).Count() ?? shortWrite;
        longWrite = split.Member("ephemeral_1h_input_tokens"u8).Count() ?? longWrite;
    }

    /// <summary>All that is known.</summary>
    public Usage Total
    {
        get
        {
            // A stream's last figures give the sum of both lifetimes only, its first ones the split.
            long? written = cacheWrite ?? Sum(shortWrite, longWrite);
            long? all = input + (cacheRead ?? 0) + (written ?? 0);
            return new Usage
            {
                InputTokens = all == 0 ? null : all, // no message is empty: servers that count at the end begin with 0
                CachedInputTokens = cacheRead,
                CacheWriteTokens = written - (longWrite ?? 0),
                LongCacheWriteTokens = longWrite,
                OutputTokens = output,
                ReasoningTokens = thinking,
            };
        }
    }

    /// <summary>Writes the <c>usage</c> member in Anthropic's counting.</summary>
    public static void Write(Utf8JsonWriter json, Usage? usage)
    {
        json.WriteStartObject("usage"u8);
        WriteInput(json, usage);
        json.WriteNumber("output_tokens"u8, usage?.OutputTokens ?? 0);
        if (usage?.ReasoningTokens is { } reasoning)
        {
            json.WriteStartObject("output_tokens_details"u8);
            json.WriteNumber("thinking_tokens"u8, reasoning);
            json.WriteEndObject();
        }

        WriteUnknown(json, usage?.InputTokens is null, usage?.OutputTokens is null);
        json.WriteEndObject();
    }

    /// <summary>Writes the <c>usage</c> member of a message that has just begun: nothing is counted yet, and what is said here clients keep: the end says what is unknown.</summary>
    public static void WriteUncounted(Utf8JsonWriter json)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("input_tokens"u8, 0);
        json.WriteNumber("output_tokens"u8, 0);
        json.WriteEndObject();
    }

    private static void WriteInput(Utf8JsonWriter json, Usage? usage)
    {
        long? written = Sum(usage?.CacheWriteTokens, usage?.LongCacheWriteTokens);
        long plainInput = (usage?.InputTokens ?? 0) - (usage?.CachedInputTokens ?? 0) - (written ?? 0);
        json.WriteNumber("input_tokens"u8, Math.Max(plainInput, 0));
        json.WriteNumberOrNull("cache_creation_input_tokens"u8, written);
        json.WriteNumberOrNull("cache_read_input_tokens"u8, usage?.CachedInputTokens);
        WriteSplit(json, usage);
    }

    private static void WriteSplit(Utf8JsonWriter json, Usage? usage)
    {
        if (usage is null or { CacheWriteTokens: null, LongCacheWriteTokens: null }) return;
        json.WriteStartObject("cache_creation"u8);
        json.WriteNumber("ephemeral_5m_input_tokens"u8, usage.CacheWriteTokens ?? 0);
        json.WriteNumber("ephemeral_1h_input_tokens"u8, usage.LongCacheWriteTokens ?? 0);
        json.WriteEndObject();
    }

    private static void WriteUnknown(Utf8JsonWriter json, bool isInput, bool isOutput)
    {
        if (!isInput && !isOutput) return;
        json.WriteStartArray(Unknown);
        if (isInput) json.WriteStringValue("input_tokens"u8);
        if (isOutput) json.WriteStringValue("output_tokens"u8);
        json.WriteEndArray();
    }

    /// <summary>A figure, unless another Countersign says that it stands for an unknown one.</summary>
    private static long? Known(JsonElement usage, ReadOnlySpan<byte> name)
    {
        foreach (var unknown in usage.Items(Unknown))
        {
            if (unknown.ValueKind == JsonValueKind.String && unknown.ValueEquals(name)) return null;
        }

        return usage.Member(name).Count();
    }

    private static long? Sum(long? left, long? right) => left is null && right is null ? null : (left ?? 0) + (right ?? 0);
}
