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
