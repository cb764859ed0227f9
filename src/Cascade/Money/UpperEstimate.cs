using System.Text;
using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Money;

/// <summary>What an attempt can cost at most: what is reserved before money is spent. Too high rather than too low, and <see cref="Cost.Unknown"/> where a price is unknown.
/// <para>Input: no byte-level, byte-fallback or word-piece tokenizer makes more tokens than the text has UTF-8 bytes, so a byte counts as a token (prose really takes a third to a
/// quarter); chat templates add at most <see cref="TokensPerMessage"/> to each message and tool. An image counts <see cref="TokensPerImage"/>. A part that
/// only its own API understands (audio, a document) has no bound, and makes the estimate unknown.</para>
/// <para>Output: the attempt's limit, times its choices. Of several targets the dearest counts: a call that failed before its first token is not charged.</para></summary>
public static class UpperEstimate
{
    /// <summary>Tokens that a template puts around a message or a tool, at most.</summary>
    public const int TokensPerMessage = 32;

    /// <summary>Tokens of an image, at most: above the dearest counting that is known (gpt-4o-mini at high detail, 36,835).</summary>
    public const int TokensPerImage = 40_000;

    /// <summary>The most that <paramref name="attempt"/> can cost.</summary>
    public static Cost OfAttempt(AttemptRequest attempt, IAttempter attempter)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        ArgumentNullException.ThrowIfNull(attempter);
        return OfTargets(attempt.Targets, InputTokens(attempt.Request), attempt.Request.MaxOutputTokens, attempt.Request.ChoiceCount, attempter);
    }

    /// <summary>The most that a request through a route can cost: every draft, repair, escalation and judge that may be asked, or the route's own cap where that is less.
    /// What it is reserved for is also its cap (<see cref="Running.CascadeRequest.MaxUsd"/>), so that it holds even where a draft is longer, retold to a repairer or judge, than assumed here.</summary>
    public static Cost OfRoute(Routes.Route route, ChatRequest request, IAttempter attempter)
    {
        ArgumentNullException.ThrowIfNull(route);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(attempter);
        var sum = Cost.Zero;
        foreach (var stage in route.Stages) sum += RouteEstimate.OfStage(route, stage, request, attempter);
        if (route.Limits.MaxUsd is not { } cap) return sum;
        return Cost.Of(sum.IsComplete ? Math.Min(cap, sum.Usd) : cap);
    }

    /// <summary>The most input tokens of <paramref name="request"/>; <c>null</c> where it has a part without a bound.</summary>
    public static long? InputTokens(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        long sum = TokensPerMessage;
        foreach (var message in request.Messages)
        {
            if (TokensOf(message.Parts) is not { } tokens) return null;
            sum += TokensPerMessage + Bytes(message.Name) + tokens;
        }

        foreach (var tool in request.Tools) sum += TokensPerMessage + Bytes(tool.Name) + Bytes(tool.Description) + Math.Max(Bytes(tool.Parameters), Bytes(tool.Wire));
        return sum + Bytes(request.ResponseFormat?.Schema);
    }

    internal static Cost OfTargets(IReadOnlyList<string> targets, long? inputTokens, int? maxOutputTokens, int choices, IAttempter attempter)
    {
        var dearest = Cost.Zero;
        foreach (string target in targets)
        {
            if (inputTokens is not { } input || attempter.PriceOf(target) is not { } price) return Cost.Unknown;
            var cost = price.UpperCostOf(input, (maxOutputTokens ?? attempter.MaxOutputTokensOf(target)) * (long)Math.Max(1, choices));
            if (!cost.IsComplete) return cost;
            if (cost.Usd > dearest.Usd) dearest = cost;
        }

        return dearest;
    }

    private static long? TokensOf(IReadOnlyList<ContentPart> parts)
    {
        long sum = 0;
        foreach (var part in parts)
        {
            long? tokens = part switch
            {
                TextPart text => Bytes(text.Text),
                ImagePart => TokensPerImage,
                ReasoningPart reasoning => Bytes(reasoning.Text) + Bytes(reasoning.Redacted),
                RefusalPart refusal => Bytes(refusal.Text),
                ToolCallPart call => TokensPerMessage + Bytes(call.Call.Id) + Bytes(call.Call.Name) + Bytes(call.Call.Arguments),
                ToolResultPart result => TokensOf(result.Parts) + TokensPerMessage + Bytes(result.CallId),
                _ => null,
            };
            if (tokens is null) return null;
            sum += tokens.Value;
        }

        return sum;
    }

    private static long Bytes(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);

    private static long Bytes(JsonElement? json) => json is { } element ? Bytes(element.GetRawText()) : 0;
}
