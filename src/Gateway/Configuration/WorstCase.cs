using Countersign.Cascade.Money;
using Countersign.Cascade.Routes;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Configuration;

/// <summary>What a request costs where every draft is rejected and every answer has its full length: all drafts, all repairs, all judges, all stages, before caps.</summary>
/// <param name="InputTokens">The input tokens of the request.</param>
/// <param name="Attempts">How many calls that makes.</param>
/// <param name="Usd">The money; the known part where a price is unknown.</param>
/// <param name="Unpriced">The deployments whose price is unknown.</param>
/// <param name="Listed">The deployments whose price is the catalogue's.</param>
internal sealed record WorstCase(int InputTokens, int Attempts, decimal Usd, IReadOnlyList<string> Unpriced, IReadOnlyList<string> Listed)
{
    public static WorstCase Of(Route route, GatewayConfiguration configuration, int inputTokens, DateOnly day)
    {
        var sum = new Sum(route, configuration, inputTokens, day);
        foreach (Stage stage in RouteReferences.Stages(route)) sum.Add(stage);
        return new WorstCase(inputTokens, sum.Attempts, sum.Usd, [.. sum.Unpriced], [.. sum.Listed]);
    }

    /// <summary>In a line.</summary>
    /// <param name="cap">The route's cap on the money of a request.</param>
    public string Describe(decimal? cap)
    {
        string calls = $"{Attempts} {(Attempts == 1 ? "attempt" : "attempts")} at {InputTokens} input tokens, every answer at its longest";
        string end = (cap is { } usd ? $"; the cap ends it at {RoutePlan.Usd(usd)}" : "") + (Listed.Count > 0 ? $"; list prices from the catalogue for {string.Join(", ", Listed)}" : "");
        return Unpriced.Count > 0 ? $"unknown, as there is no price for {string.Join(", ", Unpriced)} ({calls}){end}" : $"{RoutePlan.Usd(Usd)} ({calls}){end}";
    }

    private sealed class Sum(Route route, GatewayConfiguration configuration, int inputTokens, DateOnly day)
    {
        public int Attempts { get; private set; }

        public decimal Usd { get; private set; }

        public SortedSet<string> Unpriced { get; } = [];

        public SortedSet<string> Listed { get; } = [];

        public void Add(Stage stage)
        {
            foreach (string name in stage.Deployments) Call(name, inputTokens, stage.MaxOutputTokens, stage.Samples);
            int repairs = stage.Agreement is null && !stage.Trusted ? route.Repair.Attempts : 0;
            int draftTokens = stage.Deployments.Max(name => stage.MaxOutputTokens ?? LongestOf(name));
            foreach (string name in route.Repair.Deployment is { } repairer ? [repairer] : stage.Deployments) Call(name, inputTokens + draftTokens, stage.MaxOutputTokens, repairs);
            if (stage.Trusted) return;
            foreach (string judge in route.Validators.SelectMany(validator => validator.Deployments)) Call(judge, inputTokens + draftTokens, null, 1 + repairs);
        }

        private void Call(string name, int input, int? output, int times)
        {
            Attempts += times;
            if (times > 0) Usd += times * Members(name).Max(deployment => CostOf(deployment, input, output));
        }

        private decimal CostOf(Deployment deployment, int input, int? output)
        {
            Price? price = deployment.PriceOn(day);
            if (CataloguePrices.IsListed(price)) Listed.Add(deployment.Name);
            Cost cost = price?.CostOf(new Usage { InputTokens = input, OutputTokens = output ?? deployment.MaxOutputTokens }) ?? Cost.Unknown;
            if (!cost.IsComplete) Unpriced.Add(deployment.Name);
            return cost.Usd;
        }

        private int LongestOf(string name) => Members(name).Max(deployment => deployment.MaxOutputTokens);

        private IEnumerable<Deployment> Members(string name) =>
            (configuration.Pools.TryGetValue(name, out Pool? pool) ? pool.Members.Select(member => member.Deployment) : [name]).Select(member => configuration.FindDeployment(member)!);
    }
}
