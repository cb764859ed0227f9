using Countersign.Replay.Upstream;

namespace Countersign.Replay;

/// <summary>How rows are replayed.</summary>
internal sealed record ReplayOptions
{
    /// <summary>The folder of the sets.</summary>
    public required string Data { get; init; }

    /// <summary>The folder of the route files.</summary>
    public required string Routes { get; init; }

    /// <summary>The ledger's file, shared by all rows.</summary>
    public required string Ledger { get; init; }

    /// <summary>The most questions a row; <c>null</c>: all.</summary>
    public int? Limit { get; init; }

    /// <summary>Requests at once.</summary>
    public int Parallel { get; init; } = 4 * Environment.ProcessorCount;

    /// <summary>What fails on purpose.</summary>
    public FaultPlan Faults { get; init; } = FaultPlan.None;

    /// <summary>The recorded latency times this is waited; 0: not at all.</summary>
    public double LatencyScale { get; init; }

    /// <summary>How long the gateway waits for a token.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);
}
