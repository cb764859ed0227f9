using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;

namespace Countersign.Gateway.Limits;

/// <summary>What a request may use, as far as that is known before it runs.</summary>
internal sealed record Demand
{
    /// <summary>The request's id.</summary>
    public required string RequestId { get; init; }

    /// <summary>Who asks.</summary>
    public required Caller Caller { get; init; }

    /// <summary>The route that it takes; <c>null</c> where a deployment or pool was named.</summary>
    public GatewayRoute? Route { get; init; }

    /// <summary>The most that it can cost if only one attempt is made, in US dollars: less is not worth beginning. <c>null</c>: a price is unknown.</summary>
    public required decimal? LeastUsd { get; init; }

    /// <summary>The most that it can cost with every repair and escalation, in US dollars; <c>null</c>: as <see cref="LeastUsd"/>.</summary>
    public decimal? MostUsd { get; init; }

    /// <summary>The tokens that it is expected to use; corrected when they are known.</summary>
    public long Tokens { get; init; }
}
