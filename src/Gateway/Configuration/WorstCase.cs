using Countersign.Cascade.Money;
using Countersign.Cascade.Routes;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Configuration;

/// <summary>What a request costs where every draft is rejected and every answer has its full length: all drafts, all repairs, all judges, all stages, as far as the cap on attempts lets them be made.
/// A call that fails costs nothing, but it is an attempt.</summary>
/// <param name="InputTokens">The input tokens of the request.</param>
/// <param name="Answers">How many answers are paid for.</param>
/// <param name="Attempts">How many calls that takes at most, where others fail and are tried again or elsewhere.</param>
/// <param name="Usd">The money; the known part where a price is unknown.</param>
/// <param name="Unpriced">The deployments whose price is unknown.</param>
/// <param name="Listed">The deployments whose price is the catalogue's.</param>
internal sealed record WorstCase(int InputTokens, int Answers, int Attempts, decimal Usd, IReadOnlyList<string> Unpriced, IReadOnlyList<string> Listed)
{
    public static WorstCase Of(Route route, GatewayConfiguration configuration, int inputTokens, DateOnly day)
    {
        var sum = new Sum(route, configuration, inputTokens, day);
        foreach (Stage stage in route.Stages) sum.Add(stage);
        decimal[] paid = [.. sum.Answers.OrderDescending().Take(route.Limits.MaxAttempts)];
        return new WorstCase(inputTokens, paid.Length, Math.Min(sum.Attempts, route.Limits.MaxAttempts), paid.Sum(), [.. sum.Unpriced], [.. sum.Listed]);
    }

    /// <summary>What one answer of a stage costs at its full length, of the dearest that it may ask, in US dollars; the known part where a price is unknown.</summary>
    public static decimal OfAnAnswer(Route route, Stage stage, GatewayConfiguration configuration, int inputTokens, DateOnly day)
    {
        var sum = new Sum(route, configuration, inputTokens, day);
        sum.AddDrafts(stage);
        return sum.Answers.Max();
    }

    /// <summary>In a line.</summary>
    /// <param name="cap">The route's cap on the money of a request.</param>
    public string Describe(decimal? cap)
    {
        string calls = $"{Answers} {(Answers == 1 ? "answer" : "answers")} at {InputTokens} input tokens, each at its longest, in at most {Attempts} {(Attempts == 1 ? "attempt" : "attempts")}";
        string end = (cap is { } usd ? $"; the cap ends it at {RoutePlan.Usd(usd)}" : "") + (Listed.Count > 0 ? $"; list prices from the catalogue for {string.Join(", ", Listed)}" : "");
        return Unpriced.Count > 0 ? $"unknown, as there is no price for {string.Join(", ", Unpriced)} ({calls}){end}" : $"{RoutePlan.Usd(Usd)} ({calls}){end}";
    }

    private sealed class Sum(Route route, GatewayConfiguration configuration, int inputTokens, DateOnly day)
    {
        /// <summary>What each answer costs, in US dollars.</summary>
        public List<decimal> Answers { get; } = [];

        public int Attempts { get; private set; }

        public SortedSet<string> Unpriced { get; } = [];

        public SortedSet<string> Listed { get; } = [];

        public void Add(Stage stage)
        {
            AddDrafts(stage);
            int repairs = route.RepairsOf(stage);
            int draftTokens = stage.Deployments.Max(name => stage.MaxOutputTokens ?? LongestOf(name));
            foreach (string name in route.Repair.Deployment is { } repairer ? [repairer] : stage.Deployments) Ask([name, .. stage.Fallback], inputTokens + draftTokens, stage.MaxOutputTokens, repairs);
            if (!route.IsJudged(stage)) return;
            foreach (string judge in route.Validators.SelectMany(validator => validator.Deployments)) Ask([judge], inputTokens + draftTokens, null, 1 + repairs);
        }

        public void AddDrafts(Stage stage)
        {
            foreach (string name in stage.Deployments) Ask([name, .. stage.Fallback], inputTokens, stage.MaxOutputTokens, stage.Samples);
        }

        // One of the targets answers, the dearest; before it each may have failed as often as it is tried.
        private void Ask(IReadOnlyList<string> targets, int input, int? output, int times)
        {
            if (times == 0) return;
            Deployment[] asked = [.. targets.SelectMany(Members).Distinct()];
            Answers.AddRange(Enumerable.Repeat(asked.Max(deployment => CostOf(deployment, input, output)), times));
            Attempts += times * asked.Sum(deployment => 1 + deployment.Retry.Attempts);
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
