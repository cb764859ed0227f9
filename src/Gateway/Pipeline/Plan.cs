using Countersign.Cascade.Routes;
using Countersign.Gateway.Access;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Pipeline;

/// <summary>What the name in a request's <c>model</c> means: a route, or a pool or deployment as a route with an empty cascade.</summary>
/// <param name="Name">The name.</param>
/// <param name="Route">The way its requests go.</param>
/// <param name="Budget">The money that all its requests together may cost.</param>
/// <param name="IsRoute">Whether a route was named.</param>
/// <param name="Api">The API that everybody who may answer speaks; <c>null</c> where they differ, or speak none.</param>
internal sealed record Plan(string Name, Route Route, Budget Budget, bool IsRoute, WireApiKind? Api)
{
    /// <summary>The retired model that was asked for, and whose successor this is; <c>null</c>: none.</summary>
    public string? InPlaceOf { get; init; }

    /// <summary>Whether requests of an API may be passed on without having been read in full.</summary>
    public bool MayForward(WireApiKind api) => !IsGated && Api == api;

    public bool IsGated => Route.IsGated;
}
