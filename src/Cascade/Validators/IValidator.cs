using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators;

/// <summary>A check of drafts. One instance serves a route; thread-safe.</summary>
public interface IValidator
{
    /// <summary>Its name in the route, such as <c>json_schema</c>.</summary>
    string Name { get; }

    /// <summary>What it demands of a draft, in one line, for <c>route explain</c>.</summary>
    string Description { get; }

    /// <summary>What running it takes; a route runs the cheapest first.</summary>
    ValidatorCost Cost { get; }

    /// <summary>The deployments that it asks, one for each attempt that judging a draft takes.</summary>
    IReadOnlyList<string> Deployments => [];

    /// <summary>How many of the likeliest tokens it needs beside each of a draft's, with their log-probabilities; 0: only those of the draft's own tokens, <c>null</c>: none at all.
    /// They are then asked for, and kept from a client who did not ask.</summary>
    int? TopLogprobs => null;

    /// <summary>Whether it looks at this draft, with all its choices, at all. Where it does not, there is no verdict of it, and none is recorded.</summary>
    bool Judges(Draft draft, ValidationContext context) => true;

    /// <summary>Whether it may accept a draft in another form (<see cref="Verdict.Mended"/>). Nobody behind it in a route can condemn a prefix then: what was wrong with it may be mended.</summary>
    bool Mends => false;

    /// <summary>Whether a draft that it does not accept never goes out, not even as the best of those that did not pass. It judges every whole draft that might,
    /// also one that others have rejected, and once more what others have mended.</summary>
    bool Withholds => false;

    /// <summary>Judges a whole draft of one choice: where a caller asked for several (<c>n</c>), each is judged as a draft of its own. A check that cannot run says <see cref="VerdictKind.Unknown"/>; it throws only on cancellation.</summary>
    ValueTask<Verdict> JudgeAsync(Draft draft, ValidationContext context, CancellationToken cancellationToken);

    /// <summary>A judge for one draft while it streams, or <c>null</c> where a prefix says nothing.</summary>
    IPrefixJudge? JudgePrefix(ValidationContext context) => null;
}

/// <summary>Judges a draft while it streams. One per draft, not thread-safe.</summary>
public interface IPrefixJudge
{
    /// <summary>Sees the next event, of whichever choice. A finding means: whatever follows, the whole draft will be rejected.</summary>
    Finding? See(ChatEvent chatEvent);
}

/// <summary>What running a validator takes, cheapest first.</summary>
public enum ValidatorCost { Free, Process, Network, Model }

/// <summary>An answer before its verdict. A validator sees one choice of it at a time.</summary>
public sealed record Draft(ChatAnswer Answer, AttemptRecord Attempt);

/// <summary>What a validator may look at and use.</summary>
public sealed record ValidationContext
{
    /// <summary>The caller's request.</summary>
    public required ChatRequest Request { get; init; }

    /// <summary>The route.</summary>
    public required Route Route { get; init; }

    /// <summary>Asks deployments, for validators that do.</summary>
    public required IAttempter Attempter { get; init; }

    /// <summary>Takes the attempts that a validator makes.</summary>
    public required RequestTrace Trace { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }
}
