namespace Countersign.Replay.Upstream;

/// <summary>The ways in which the upstream fails on purpose, as real ones do.</summary>
internal enum Fault
{
    /// <summary>429 with <c>Retry-After</c>.</summary>
    RateLimit,

    /// <summary>500.</summary>
    Error,

    /// <summary>The answer begins, then nothing more comes.</summary>
    Stall,

    /// <summary>The connection breaks half way.</summary>
    Cut,

    /// <summary>Half way the event stream turns into something else. A whole answer: as <see cref="BadJson"/>.</summary>
    BadSse,

    /// <summary>An event, or the body, is no JSON.</summary>
    BadJson,

    /// <summary>Everything comes, slowly.</summary>
    Drip,
}
