using Countersign.Cascade.Money;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Dialects.PromptCaching;
using Countersign.Protocol.Wire;

namespace Countersign.Cascade.Attempts;

/// <summary>What happened to one request: every attempt, every verdict, in order. The ledger stores it, <c>GET /v1/requests/{id}</c> shows it. Thread-safe.</summary>
public sealed class RequestTrace
{
    private readonly Lock gate = new();

    // Read far more often than added to: whoever reads has the list as it was.
    private volatile AttemptRecord[] attempts = [];
    private volatile VerdictRecord[] verdicts = [];
    private volatile string[] warnings = [];
    private volatile bool isAwaited;

    /// <summary>The id of the caller who asked; empty where there is but one. What upstreams keep of two callers' prompts is kept apart by it.</summary>
    public string Caller { get; init; } = "";

    /// <summary>The attempts, in the order they were opened.</summary>
    public IReadOnlyList<AttemptRecord> Attempts => attempts;

    /// <summary>How many attempts were opened.</summary>
    public int AttemptCount => attempts.Length;

    /// <summary>The attempt opened last; <c>null</c> where there is none.</summary>
    public AttemptRecord? LastAttempt => attempts is [.., var last] ? last : null;

    /// <summary>The attempts opened after the first <paramref name="count"/>.</summary>
    public IReadOnlyList<AttemptRecord> AttemptsAfter(int count) => attempts is var all && all.Length > count ? all[count..] : [];

    /// <summary>The verdicts, in the order they fell.</summary>
    public IReadOnlyList<VerdictRecord> Verdicts => verdicts;

    /// <summary>What could not be carried to an upstream; for the <c>x-countersign-warning</c> header.</summary>
    public IReadOnlyList<string> Warnings => warnings;

    /// <summary>Whether an upstream has begun to answer, so that whoever waits may be told to wait on, though another may answer in the end.</summary>
    public bool IsAwaited { get => isAwaited; set => isAwaited = value; }

    /// <summary>The attempt whose answer the client gets; <c>null</c> until one has won.</summary>
    public AttemptRecord? Winner { get; set; }

    /// <summary>Whether the winner passed every validator (false: best so far, or an answer that nothing judged).</summary>
    public bool Accepted { get; set; }

    /// <summary>Whether its session was latched, so that it went straight to the strongest stage.</summary>
    public bool Latched { get; set; }

    /// <summary>How the cascade ended, in a word of <see cref="CascadeEnd"/>.</summary>
    public CascadeEnd End { get; set; }

    /// <summary>Opens an attempt's record; the caller fills in and closes it.</summary>
    public AttemptRecord Open(AttemptRecord attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        lock (gate)
        {
            attempt.Number = attempts.Length + 1;
            attempts = [.. attempts, attempt];
        }

        return attempt;
    }

    /// <summary>Records a verdict.</summary>
    public void Add(VerdictRecord verdict)
    {
        lock (gate) verdicts = [.. verdicts, verdict];
    }

    /// <summary>Records what could not be carried; the same line is kept once, and <see cref="WireWarnings.Most"/> of them at most.</summary>
    public void Warn(string warning)
    {
        lock (gate)
        {
            if (warnings.Length < WireWarnings.Most && !warnings.Contains(warning)) warnings = [.. warnings, warnings.Length < WireWarnings.Most - 1 ? warning : WireWarnings.More];
        }
    }

    /// <summary>The sum of what is known to have been used; <c>null</c> where no attempt knows anything.</summary>
    public Usage? TotalUsage
    {
        get
        {
            Usage? sum = null;
            foreach (var attempt in attempts)
            {
                if (attempt.Usage is { } usage) sum = sum is null ? usage : sum + usage;
            }

            return sum;
        }
    }

    /// <summary>The money of all attempts.</summary>
    public Cost TotalCost
    {
        get
        {
            var sum = Cost.Zero;
            foreach (var attempt in attempts) sum += attempt.Cost;
            return sum;
        }
    }
}

/// <summary>How a cascade ended: <see cref="Answered"/> by a stage that nothing judged, <see cref="Accepted"/> by every validator,
/// with the best draft though none passed, failed, or left by the client.</summary>
public enum CascadeEnd { Running, Answered, Accepted, BestSoFar, Failed, Cancelled }

/// <summary>One call to one deployment, whatever became of it. Mutable until closed.</summary>
public sealed class AttemptRecord
{
    /// <summary>Its number within the request, from 1.</summary>
    public int Number { get; internal set; }

    /// <summary>The deployment asked.</summary>
    public required string Deployment { get; init; }

    /// <summary>Its provider's name.</summary>
    public string? Provider { get; init; }

    /// <summary>The model name sent upstream.</summary>
    public string? RequestModel { get; init; }

    /// <summary>Why it was asked.</summary>
    public required AttemptPurpose Purpose { get; init; }

    /// <summary>The stage's index in the route; 0 is the draft.</summary>
    public int Stage { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The model that answered, as the upstream names it.</summary>
    public string? ResponseModel { get; set; }

    /// <summary>From the start to the first token; <c>null</c> where none came.</summary>
    public TimeSpan? TimeToFirstToken { get; set; }

    /// <summary>From the start to the end.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>What became of it.</summary>
    public AttemptStatus Status { get; set; } = AttemptStatus.Running;

    /// <summary>Why it failed, for the statuses that are failures.</summary>
    public Protocol.Problems.Problem? Problem { get; set; }

    /// <summary>What became of the thinking that was asked for; <c>null</c> where nothing was.</summary>
    public AppliedThinking? Thinking { get; init; }

    /// <summary>What was put into the request for its upstream's prompt cache; <c>null</c>: nothing.</summary>
    public CacheMarking? PromptCache { get; set; }

    /// <summary>Why the first choice ended.</summary>
    public FinishReason? FinishReason { get; set; }

    /// <summary>What the upstream counted; <c>null</c> is unknown.</summary>
    public Usage? Usage { get; set; }

    /// <summary>The JSON object in which the upstream said so; <c>null</c> where it did not.</summary>
    public string? RawUsage { get; set; }

    /// <summary>Where the price was read that it is charged at; <c>null</c> where the configuration says nothing of it, or no price is known.</summary>
    public string? PriceSource { get; set; }

    /// <summary>What its upstream's prompt cache saved, in US dollars, as <see cref="Price.SavedByCache"/> says; <c>null</c>: unknown.</summary>
    public decimal? SavedUsd { get; set; }

    /// <summary>What it cost. Unknown until closed, and afterwards where price or usage are.</summary>
    public Cost Cost { get; set; } = Cost.Unknown;
}

/// <summary>What became of an attempt. <see cref="CutOff"/>: the cascade stopped it, as its beginning was already condemned; <see cref="TimedOut"/>: a deadline did.</summary>
public enum AttemptStatus { Running, Completed, Failed, Cancelled, TimedOut, CutOff }

/// <summary>A verdict as it is recorded.</summary>
/// <param name="Attempt">The judged attempt's number.</param>
/// <param name="Validator">The validator's name in the route.</param>
/// <param name="Verdict">What it said.</param>
/// <param name="Duration">How long it took.</param>
/// <param name="OnPrefix">Whether it condemned a prefix, so that the attempt was cut off.</param>
public sealed record VerdictRecord(int Attempt, string Validator, Verdict Verdict, TimeSpan Duration, bool OnPrefix = false);
