using Countersign.Cascade.Routes;
using Countersign.Cascade.Validators;

namespace Countersign.Gateway.Configuration.Checks;

/// <summary>Routes: that what they name can answer, and that nothing in them is without effect.</summary>
internal static class RouteChecks
{
    public static void Run(CheckedFile file)
    {
        foreach (GatewayRoute route in file.Configuration.Routes.Values) CheckRoute(route, file);
    }

    private static void CheckRoute(GatewayRoute gatewayRoute, CheckedFile file)
    {
        Route route = gatewayRoute.Cascade;
        if (file.Find("routes", route.Name, "draft") is not null) StageChecks.Run(route.Draft, file, ["routes", route.Name, "draft"]);
        for (int index = 0; index < route.Escalation.Count; index++) StageChecks.Run(route.Escalation[index], file, ["routes", route.Name, "escalate", index]);
        if (route.Repair.Deployment is { } repairer) StageChecks.CheckName(repairer, file, ["routes", route.Name, "repair", "deployment"]);
        foreach (IValidator validator in route.Validators) CheckJudges(validator, route, file);
        CheckEffects(route, file);
        CheckMoney(gatewayRoute, file);
    }

    private static void CheckJudges(IValidator validator, Route route, CheckedFile file)
    {
        foreach (string name in validator.Deployments) StageChecks.CheckName(name, file, ["routes", route.Name, "validate"]);
    }

    private static void CheckEffects(Route route, CheckedFile file)
    {
        if (route.Latch is not null && route.Escalation.Count == 0) file.Report("There is no stage that a session could be held at.", "Add 'escalate', or remove 'latch'.", "routes", route.Name, "latch");
        if (route.Validators.Count == 0 && file.Find("routes", route.Name, "validate", 0) is not null) return; // They cannot be read, which has been said.
        if (route.Repair.Attempts > 0 && !route.Stages.Any(stage => route.RepairsOf(stage) > 0)) file.Report("Nothing in this route rejects a draft that may be repaired, so none ever is.", "Add checks under 'validate', or remove 'repair'.", "routes", route.Name, "repair");
        if (route.Escalation.Count > 0 && !route.IsGated) file.Report("Nothing in this route rejects a draft, so it never escalates.", "Add checks under 'validate', name who answers where the draft's deployment fails as its 'fallback', or remove 'escalate'.", "routes", route.Name, "escalate");
    }

    private static void CheckMoney(GatewayRoute route, CheckedFile file)
    {
        decimal? perRequest = route.Cascade.Limits.MaxUsd;
        decimal? smallest = new[] { route.Budget.UsdPerDay, route.Budget.UsdPerMonth, route.Budget.UsdTotal }.Min();
        if (perRequest > smallest) file.Report("One request may cost more than all of them together.", "Make 'per_request' the smallest.", "routes", route.Cascade.Name, "budget");
        if (route.Cascade.Repair.MaxUsd > perRequest) file.Report("The repairs of a request may cost more than the request.", "Make it smaller than the budget's 'per_request'.", "routes", route.Cascade.Name, "repair", "per_request");
    }
}
