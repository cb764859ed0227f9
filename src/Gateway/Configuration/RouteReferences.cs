using Countersign.Cascade.Routes;

namespace Countersign.Gateway.Configuration;

/// <summary>Whom a route asks.</summary>
internal static class RouteReferences
{
    /// <summary>Every deployment and pool that <paramref name="route"/> names, each once.</summary>
    public static IReadOnlyList<string> Of(Route route) =>
    [
        .. Stages(route).SelectMany(stage => stage.Deployments.Concat(stage.Fallback))
            .Concat(route.Validators.SelectMany(validator => validator.Deployments))
            .Concat(route.Repair.Deployment is { } repairer ? [repairer] : [])
            .Distinct(),
    ];

    /// <summary>The draft and what follows it.</summary>
    public static IEnumerable<Stage> Stages(Route route) => [route.Draft, .. route.Escalation];
}
