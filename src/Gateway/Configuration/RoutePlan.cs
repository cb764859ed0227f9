using System.Globalization;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Dispatch;
using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Configuration;

/// <summary>A line of a route's plan.</summary>
/// <param name="Step">What the line is about; empty where it continues the one above.</param>
/// <param name="Text">What happens there.</param>
public sealed record PlanLine(string Step, string Text);

/// <summary>A route in words: who drafts, what is checked, what follows, and what it may cost.</summary>
public static class RoutePlan
{
    /// <summary>Describes a route.</summary>
    /// <param name="configuration">The configuration that it stands in.</param>
    /// <param name="gatewayRoute">The route.</param>
    /// <param name="inputTokens">The input tokens that the worst case is worked out for.</param>
    /// <param name="day">The day whose prices hold.</param>
    public static IReadOnlyList<PlanLine> Describe(GatewayConfiguration configuration, GatewayRoute gatewayRoute, int inputTokens, DateOnly day)
    {
        Route route = gatewayRoute.Cascade;
        return
        [
            .. StageLines("draft", route.Draft, configuration),
            .. CapLines(route.Draft),
            .. ValidatorLines(route),
            .. RepairLines(route),
            .. route.Escalation.SelectMany(stage => StageLines("escalate", stage, configuration).Concat(CapLines(stage))),
            new("otherwise", route.WhenExhausted == WhenExhausted.Best ? "the client gets the best draft so far" : "the client gets an error"),
            new("caps", Caps(gatewayRoute)),
            .. route.Latch is { } latch ? [new PlanLine("latch", $"after {latch.AfterEscalations} escalations in a row a session goes straight to the last stage, for {Duration(latch.For)}")] : Array.Empty<PlanLine>(),
            new("worst case", WorstCase.Of(route, configuration, inputTokens, day).Describe(route.Limits.MaxUsd)),
        ];

        IEnumerable<PlanLine> CapLines(Stage stage)
        {
            decimal answer = WorstCase.OfAnAnswer(route, stage, configuration, inputTokens, day);
            if (answer > route.Limits.MaxUsd) yield return new PlanLine("", $"one answer costs up to {Usd(answer)}, more than a request's cap: asked only where the request limits its output (max_tokens), or max_output_tokens does");
        }
    }

    private static IEnumerable<PlanLine> StageLines(string step, Stage stage, GatewayConfiguration configuration)
    {
        string how = string.Concat(
            stage.Samples > 1 ? $", {stage.Samples} drafts each" : "",
            stage.Thinking is { } thinking ? $", thinking {Words(thinking)}" : "",
            stage.Temperature is { } temperature ? $", temperature {temperature}" : "",
            stage.MaxOutputTokens is { } cap ? $", at most {cap} output tokens" : "",
            stage.Trusted ? ", passed on unjudged" : "");
        yield return new PlanLine(step, string.Join(", then ", stage.Deployments.Select(name => Who(name, configuration))) + how);
        if (stage.Fallback.Count > 0) yield return new PlanLine("", $"where one fails to answer: {string.Join(", then ", stage.Fallback)}");
        if (stage.Agreement is { } agreement) yield return new PlanLine("", $"accepted where {agreement.Need} drafts agree by {agreement.By}{(agreement.Field is { } field ? $" in {field}" : "")}");
    }

    private static string Who(string name, GatewayConfiguration configuration)
    {
        if (configuration.Pools.TryGetValue(name, out Pool? pool)) return $"{name} (pool of {string.Join(", ", pool.Members.Select(member => $"{member.Deployment} x{member.Weight}"))})";
        return configuration.FindDeployment(name) is { } deployment ? $"{name} ({deployment.Model} at {deployment.Provider})" : name;
    }

    private static IEnumerable<PlanLine> ValidatorLines(Route route)
    {
        if (!route.IsGated) yield return new PlanLine("validate", "nothing: the answer goes to the client as it comes");
        string step = "validate";
        foreach (IValidator validator in route.Validators)
        {
            yield return new PlanLine(step, $"{validator.Name}: {validator.Description}{Price(validator.Cost)}");
            step = "";
        }

        if (route.Validators.Count > 0) yield return new PlanLine("", $"in this order, stopping at the first reject; a check that cannot run means {(route.UnknownMeans == VerdictKind.Reject ? "reject" : "accept")}");
    }

    private static IEnumerable<PlanLine> RepairLines(Route route)
    {
        RepairPolicy repair = route.Repair;
        if (repair.Attempts == 0) yield break;
        string money = repair.MaxUsd is { } usd ? $", for at most {Usd(usd)} a request" : "";
        yield return new PlanLine("repair", $"up to {repair.Attempts} a stage, by {repair.Deployment ?? "who drafted"}, shown what is wrong{money}");
    }

    private static string Caps(GatewayRoute route)
    {
        RouteLimits limits = route.Cascade.Limits;
        string?[] caps =
        [
            $"{limits.MaxAttempts} attempts",
            limits.Deadline is { } deadline ? Duration(deadline) : null,
            limits.MaxUsd is { } usd ? $"{Usd(usd)} a request" : null,
            route.Budget.UsdPerDay is { } day ? $"{Usd(day)} a day" : null,
            route.Budget.UsdPerMonth is { } month ? $"{Usd(month)} a month" : null,
            route.Budget.UsdTotal is { } total ? $"{Usd(total)} in all" : null,
        ];
        return string.Join(", ", caps.Where(cap => cap is not null));
    }

    private static string Price(ValidatorCost cost) => cost switch
    {
        ValidatorCost.Process => " (runs a program)",
        ValidatorCost.Network => " (calls a server)",
        ValidatorCost.Model => " (asks a model)",
        _ => "",
    };

    private static string Words(Thinking thinking) => thinking.Level is { } level ? level.ToString().ToLowerInvariant() : $"up to {thinking.BudgetTokens} tokens";

    private static string Duration(TimeSpan duration) => Shapes.Durations.Write(duration);

    internal static string Usd(decimal usd) => string.Create(CultureInfo.InvariantCulture, $"${usd:0.############}");
}
