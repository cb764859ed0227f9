using Countersign.Cascade.Money;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Cascade.Attempts;

/// <summary>Makes attempts. The gateway's dispatch is one (HTTP upstreams, the engine); <c>ChatClientAttempter</c> is the other, over <c>IChatClient</c>s.</summary>
public interface IAttempter
{
    /// <summary>Asks the first target that can answer, in order, by no more than <see cref="AttemptRequest.MaxCalls"/> calls. Every call made, failed ones too, is opened and closed in <paramref name="trace"/>,
    /// also when the caller stops early or cancels (both <see cref="AttemptStatus.Cancelled"/>). The record that answers is opened before the first event and
    /// is the last one opened; it is closed before a terminal event (<see cref="AttemptFailed"/>, the last <see cref="WireFrames"/>) is handed out.
    /// Ends with <see cref="AttemptFailed"/> where no target answered; throws only on cancellation.</summary>
    IAsyncEnumerable<ChatEvent> AttemptAsync(AttemptRequest attempt, RequestTrace trace, CancellationToken cancellationToken);

    /// <summary>The price of a deployment, or <c>null</c> where it is unknown. For a pool: the dearest member's, so that a reservation suffices.</summary>
    Price? PriceOf(string deployment);

    /// <summary>The most output tokens, per choice, of an attempt that sets no limit of its own; asked for where money is capped. For a pool: the largest member's.</summary>
    int MaxOutputTokensOf(string deployment) => 8192;
}

/// <summary>What one attempt asks.</summary>
public sealed record AttemptRequest
{
    private readonly ChatRequest? request;

    /// <summary>The question. Its <see cref="ChatRequest.Model"/> is the caller's; the target's own name replaces it. Read from <see cref="PassThrough"/> on first use where not set.</summary>
    public ChatRequest Request
    {
        get => request ?? PassThrough?.Parsed ?? throw new InvalidOperationException("An attempt needs a request.");
        init => request = value;
    }

    /// <summary>The caller's own bytes: set where nothing judges the answer. A target of the same API gets them with its model's name, and answers with <see cref="WireFrames"/>.</summary>
    public WireRequest? PassThrough { get; init; }

    /// <summary>Deployments or pools, the first that works answers.</summary>
    public required IReadOnlyList<string> Targets { get; init; }

    /// <summary>The most calls that it may take, retries and other targets included; 1 at least.</summary>
    public int MaxCalls { get; init; } = int.MaxValue;

    /// <summary>Why it is asked.</summary>
    public required AttemptPurpose Purpose { get; init; }

    /// <summary>The stage's index in the route; 0 is the draft.</summary>
    public int Stage { get; init; }

    /// <summary>Whether the same is asked of the same targets several times in a row, for several samples.</summary>
    public bool IsAskedAgain { get; init; }

    /// <summary>Whether thinking that cannot be had as asked fails the attempt, rather than being reported.</summary>
    public bool StrictThinking { get; init; }
}

/// <summary>Why an attempt is made. <see cref="Audit"/>: to have a request that was already answered answered by another, stronger deployment; the judging of an audit is <see cref="Judge"/>.</summary>
public enum AttemptPurpose { Plain, Draft, Repair, Escalation, Judge, Audit }
