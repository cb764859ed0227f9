using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Completions;

/// <summary>The <c>logprobs</c> object of OpenAI's completions API: <c>tokens</c>, <c>token_logprobs</c> and <c>top_logprobs</c> side by side.</summary>
internal static class CompletionLogprobs
{
    /// <summary>Reads it; a token without a number (a prompt's first) is left out.</summary>
    public static List<TokenLogprob> Read(JsonElement logprobs)
    {
        var tokens = new List<TokenLogprob>();
        JsonElement[] numbers = [.. logprobs.Items("token_logprobs"u8)], tops = [.. logprobs.Items("top_logprobs"u8)];
        int index = 0;
        foreach (var token in logprobs.Items("tokens"u8))
        {
            if (index < numbers.Length && token.Text() is { } text && NumberOf(numbers[index]) is { } logprob) tokens.Add(new TokenLogprob(text, logprob, index < tops.Length ? TopOf(tops[index]) : null));
            index++;
        }

        return tokens;
    }

    /// <summary>Writes it.</summary>
    /// <param name="json">Takes it.</param>
    /// <param name="tokens">The tokens.</param>
    /// <param name="offset">Where the first begins in the text.</param>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<CompletionToken> tokens, int offset)
    {
        json.WriteStartObject("logprobs"u8);
        json.WriteStartArray("tokens"u8);
        foreach (var token in tokens) json.WriteStringValue(token.Text);
        json.WriteEndArray();
        json.WriteStartArray("token_logprobs"u8);
        foreach (var token in tokens) WriteNumber(json, token.Logprob);
        json.WriteEndArray();
        json.WriteStartArray("top_logprobs"u8);
        foreach (var token in tokens) WriteTop(json, token);
        json.WriteEndArray();
        json.WriteStartArray("text_offset"u8);
        foreach (var token in tokens)
        {
            json.WriteNumberValue(offset);
            offset += token.Length;
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The likeliest by their texts; of two tokens with one text the likelier stands for it.</summary>
    private static void WriteTop(Utf8JsonWriter json, CompletionToken token)
    {
        if (token.Logprob is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartObject();
        foreach (var (text, logprob) in token.Top.DistinctBy(top => top.Text))
        {
            json.WritePropertyName(text);
            WriteNumber(json, logprob);
        }

        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, float? number)
    {
        if (number is { } finite && float.IsFinite(finite)) json.WriteNumberValue(finite);
        else json.WriteNullValue();
    }

    private static List<TokenLogprob>? TopOf(JsonElement top)
    {
        if (!top.IsObject()) return null;
        var tokens = new List<TokenLogprob>();
        foreach (var member in top.EnumerateObject())
        {
            if (NumberOf(member.Value) is { } logprob) tokens.Add(new TokenLogprob(member.Name, logprob));
        }

        return tokens;
    }

    private static double? NumberOf(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out double number) && double.IsFinite(number) ? number : null;
}
