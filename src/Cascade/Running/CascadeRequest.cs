using Countersign.Cascade.Routes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Cascade.Running;

/// <summary>What a cascade is asked to answer.</summary>
public sealed record CascadeRequest
{
    private readonly ChatRequest? request;

    /// <summary>The way it goes.</summary>
    public required Route Route { get; init; }

    /// <summary>The question. Read from <see cref="Wire"/> on first use where not set.</summary>
    public ChatRequest Request
    {
        get => request ?? Wire?.Parsed ?? throw new InvalidOperationException("A cascade needs a request.");
        init => request = value;
    }

    /// <summary>The caller's own bytes, for a route that judges nothing: they can be passed through.</summary>
    public WireRequest? Wire { get; init; }

    /// <summary>The session that it belongs to, for <see cref="Route.Latch"/>; <c>null</c>: none. Already scoped to the caller.</summary>
    public string? Session { get; init; }

    /// <summary>The most money that it may cost beside the route's own cap, in US dollars: what was reserved. <c>null</c>: no cap.</summary>
    public decimal? MaxUsd { get; init; }
}
