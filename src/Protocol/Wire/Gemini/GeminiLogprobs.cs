using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Protocol.Wire.Gemini;

/// <summary>Reads <c>logprobsResult</c>: the chosen tokens, and beside them a list of the most likely ones for each.</summary>
internal static class GeminiLogprobs
{
    /// <summary>The tokens, in order; those without a number are left out.</summary>
    public static List<TokenLogprob> Read(JsonElement result)
    {
        JsonElement[] tops = [.. result.Items("topCandidates"u8)];
        var tokens = new List<TokenLogprob>();
        int at = -1;
        foreach (var chosen in result.Items("chosenCandidates"u8))
        {
            at++;
            if (ReadOne(chosen) is not { } token) continue;
            tokens.Add(at < tops.Length ? token with { Top = ReadTop(tops[at]) } : token);
        }

        return tokens;
    }

    private static List<TokenLogprob> ReadTop(JsonElement top)
    {
        var tokens = new List<TokenLogprob>();
        foreach (var item in top.Items("candidates"u8))
        {
            if (ReadOne(item) is { } token) tokens.Add(token);
        }

        return tokens;
    }

    private static TokenLogprob? ReadOne(JsonElement item) =>
        item.Member("logProbability"u8) is { ValueKind: JsonValueKind.Number } number && number.TryGetDouble(out double logprob) && double.IsFinite(logprob)
            ? new TokenLogprob(item.String("token"u8) ?? "", logprob)
            : null;
}
