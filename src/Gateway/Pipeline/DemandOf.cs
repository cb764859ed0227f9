using Countersign.Cascade.Money;
using Countersign.Gateway.Limits;

namespace Countersign.Gateway.Pipeline;

/// <summary>What a request may use, as far as that is known before it runs. Money is estimated only where somebody limits it.</summary>
internal static class DemandOf
{
    public static Demand Request(Asked asked)
    {
        bool isMoneyLimited = !asked.Caller.Budget.IsUnlimited || !asked.Plan.Budget.IsUnlimited;
        var (least, most) = isMoneyLimited ? asked.Bounds : (Cost.Unknown, Cost.Unknown);
        return new Demand
        {
            RequestId = asked.Arrival.Id,
            Caller = asked.Caller,
            Route = asked.Snapshot.Configuration.Routes.GetValueOrDefault(asked.Plan.Name),
            LeastUsd = OrNull(least),
            MostUsd = OrNull(most),
            Tokens = asked.ExpectedTokens,
        };
    }

    private static decimal? OrNull(Cost cost) => cost.IsComplete ? cost.Usd : null;
}
