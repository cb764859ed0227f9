using Countersign.Cascade.Attempts;
using Countersign.Gateway.Access;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Ledger;

/// <summary>A request as the ledger keeps it: committed before the last byte of its answer is sent. Holds no body.</summary>
public sealed record FinishedRequest
{
    /// <summary>Its id, also in <c>x-countersign-request-id</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Who asked.</summary>
    public required Caller Caller { get; init; }

    /// <summary>The API that the caller spoke; <c>null</c> for embeddings and completions.</summary>
    public WireApiKind? Api { get; init; }

    /// <summary>OpenTelemetry's name of what was asked; <c>null</c>: by its API.</summary>
    public string? Operation { get; init; }

    /// <summary>The request model.</summary>
    public required string Model { get; init; }

    /// <summary>The route taken; <c>null</c> where a deployment or pool was named.</summary>
    public string? Route { get; init; }

    /// <summary>The route's version.</summary>
    public string? RouteVersion { get; init; }

    /// <summary>Whether the answer was streamed.</summary>
    public bool Stream { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>From its coming to its end.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The HTTP status of the answer; 499 where the client left.</summary>
    public required int Status { get; init; }

    /// <summary>Why it failed, if it did.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Every attempt and verdict.</summary>
    public required RequestTrace Trace { get; init; }
}
