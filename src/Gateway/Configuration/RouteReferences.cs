using Countersign.Cascade.Routes;

namespace Countersign.Gateway.Configuration;

/// <summary>Whom a route asks.</summary>
internal static class RouteReferences
{
    /// <summary>Every deployment and pool that <paramref name="route"/> names, each once.</summary>
    public static IReadOnlyList<string> Of(Route route) =>
    [
        .. route.Escalation.Prepend(route.Draft).SelectMany(stage => stage.Deployments.Concat(stage.Fallback))
            .Concat(route.Validators.SelectMany(validator => validator.Deployments))
            .Concat(route.Repair.Deployment is { } repairer ? [repairer] : [])
            .Distinct(),
    ];
}
