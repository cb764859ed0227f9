using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Gateway.Limits;

namespace Countersign.Gateway.Pipeline;

/// <summary>What a request may use, as far as that is known before it runs.</summary>
internal static class DemandOf
{
    private const int BytesPerToken = 4;

    public static Demand Request(Asked asked)
    {
        bool isMoneyLimited = !asked.Caller.Budget.IsUnlimited || !asked.Plan.Budget.IsUnlimited;
        return new Demand
        {
            RequestId = asked.Id,
            Caller = asked.Caller,
            Route = asked.Snapshot.Configuration.Routes.GetValueOrDefault(asked.Plan.Name),
            LeastUsd = isMoneyLimited ? Least(asked) : null,
            MostUsd = isMoneyLimited ? OrNull(UpperEstimate.OfRoute(asked.Plan.Route, asked.Wire.Parsed, asked.Snapshot.Dispatcher)) : null,
            Tokens = (asked.Wire.Body.Length / BytesPerToken) + (asked.Wire.MaxOutputTokens ?? 0),
        };
    }

    /// <summary>One draft: with less there is no point in beginning.</summary>
    private static decimal? Least(Asked asked)
    {
        var draft = asked.Plan.Route.Draft;
        int? most = draft.MaxOutputTokens is { } cap ? Math.Min(cap, asked.Wire.MaxOutputTokens ?? cap) : asked.Wire.MaxOutputTokens;
        var attempt = new AttemptRequest
        {
            Request = asked.Wire.Parsed with { MaxOutputTokens = most },
            Targets = [draft.Deployments[0], .. draft.Fallback],
            Purpose = AttemptPurpose.Draft,
        };
        return OrNull(UpperEstimate.OfAttempt(attempt, asked.Snapshot.Dispatcher));
    }

    private static decimal? OrNull(Cost cost) => cost.IsComplete ? cost.Usd : null;
}
