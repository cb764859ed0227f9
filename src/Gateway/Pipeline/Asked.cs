using Countersign.Cascade.Attempts;
using Countersign.Gateway.Access;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Pipeline;

/// <summary>One request on its way: who asks what, which way it goes, and what happens to it.</summary>
internal sealed record Asked
{
    public required string Id { get; init; }

    public required Caller Caller { get; init; }

    /// <summary>The request as it came.</summary>
    public required WireRequest Wire { get; init; }

    public required Plan Plan { get; init; }

    /// <summary>The configuration that it began with, and keeps.</summary>
    public required GatewaySnapshot Snapshot { get; init; }

    /// <summary>The caller's name of the session that it belongs to, if any.</summary>
    public string? Session { get; init; }

    public required DateTimeOffset Started { get; init; }

    /// <summary>The same moment on the monotonic clock.</summary>
    public required long StartedTimestamp { get; init; }

    public RequestTrace Trace { get; } = new();

    /// <summary>A writer in the caller's API.</summary>
    public AnswerWriter NewWriter() => WireApi.For(Wire.Api).NewAnswerWriter(new AnswerHead(Id, Wire.Model, Started, Wire.Parsed));
}
