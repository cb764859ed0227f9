using System.Runtime.CompilerServices;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Running;

/// <summary>Makes the attempts of one request, validators' too, and keeps its caps: an attempt that might exceed the money left, or the attempts allowed,
/// is not made; the deadline ends the one that runs. Both look like an attempt that failed, so every caller ends in its usual way. For one request, one attempt at a time.</summary>
internal sealed class CappedAttempter : IAttempter, IDisposable
{
    private readonly IAttempter inner;
    private readonly decimal? maxUsd;
    private readonly bool hasMoneyCap;
    private readonly int maxAttempts;
    private readonly CancellationTokenSource? deadline;
    private readonly CancellationToken caller;
    private readonly CancellationTokenSource? linked;
    private decimal chargedUsd;

    public CappedAttempter(IAttempter inner, CascadeRequest request, TimeProvider time, CancellationToken cancellationToken)
    {
        (this.inner, caller) = (inner, cancellationToken);
        var limits = request.Route.Limits;
        maxAttempts = limits.MaxAttempts;
        maxUsd = limits.MaxUsd is { } own && request.MaxUsd is { } reserved ? Math.Min(own, reserved) : limits.MaxUsd ?? request.MaxUsd;
        hasMoneyCap = maxUsd is not null || request.Route is { IsGated: true, Repair: { Attempts: > 0, MaxUsd: not null } };
        IsNeeded = hasMoneyCap || limits.Deadline is not null || request.Route.IsGated;
        if (limits.Deadline is not { } delay) return;
        deadline = new CancellationTokenSource(delay, time);
        linked = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
    }

    /// <summary>Whether there is anything to keep; a plain attempt without caps needs none of this.</summary>
    public bool IsNeeded { get; }

    /// <summary>Cancelled when the caller leaves or the deadline passes.</summary>
    public CancellationToken Token => linked?.Token ?? caller;

    /// <summary>Whether the caller left.</summary>
    public bool IsCallerGone => caller.IsCancellationRequested;

    /// <summary>Whether the deadline has passed, and the caller is still there.</summary>
    public bool IsLate => deadline is { IsCancellationRequested: true } && !caller.IsCancellationRequested;

    /// <summary>The cap that stopped the last attempt; <c>null</c> where none was stopped.</summary>
    public Problem? Refusal { get; private set; }

    public Price? PriceOf(string deployment) => inner.PriceOf(deployment);

    public int MaxOutputTokensOf(string deployment) => inner.MaxOutputTokensOf(deployment);

    public async IAsyncEnumerable<ChatEvent> AttemptAsync(AttemptRequest attempt, RequestTrace trace, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (hasMoneyCap) attempt = WithOutputLimit(attempt);
        var bound = hasMoneyCap ? BoundOf(attempt) : Cost.Zero;
        Refusal = Refuse(attempt, bound, trace.AttemptCount);
        if (Refusal is null)
        {
            int before = trace.AttemptCount;
            attempt = attempt with { MaxCalls = maxAttempts - before };
            try
            {
                await using var events = inner.AttemptAsync(attempt, trace, cancellationToken).GetAsyncEnumerator(cancellationToken);
                while (await NextAsync(events)) yield return events.Current;
            }
            finally
            {
                Charge(trace.AttemptsAfter(before), bound.Usd);
            }
        }

        if (Refusal is not null) yield return new AttemptFailed(Refusal);
    }

    /// <summary>The most that an attempt can cost.</summary>
    public Cost BoundOf(AttemptRequest attempt) => UpperEstimate.OfAttempt(WithOutputLimit(attempt), inner);

    public void Dispose()
    {
        linked?.Dispose();
        deadline?.Dispose();
    }

    private async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatEvent> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (OperationCanceledException) when (IsLate)
        {
            Refusal = TooLate();
            return false;
        }
    }

    private Problem? Refuse(AttemptRequest attempt, Cost bound, int made)
    {
        if (IsLate) return TooLate();
        if (made >= maxAttempts) return new Problem(ProblemKind.NotCountersigned, $"The route allows {maxAttempts} attempts for a request, and they are used up.", "limits.attempts");
        if (maxUsd is not { } max) return null;
        string target = string.Join(", ", attempt.Targets);
        if (!bound.IsComplete) return new Problem(ProblemKind.BudgetExceeded, $"The cost of an attempt at {target} cannot be bounded, so the request's money cap cannot be kept: give its deployments a price, or take the cap away.", Source: target);
        return chargedUsd + bound.Usd <= max ? null : new Problem(ProblemKind.BudgetExceeded,
            $"An attempt at {target} may cost up to ${bound.Usd:0.######}, and ${max - chargedUsd:0.######} of the request's ${max:0.######} are left. Raise the cap, or lower the output limit (max_output_tokens).", Source: target);
    }

    // Where money is capped, what was estimated must also hold upstream.
    private AttemptRequest WithOutputLimit(AttemptRequest attempt) => attempt.Request.MaxOutputTokens is not null ? attempt : attempt with
    {
        Request = attempt.Request with { MaxOutputTokens = attempt.Targets.Max(inner.MaxOutputTokensOf) },
        PassThrough = null,
    };

    // What is unknown counts as its bound, except for a call that brought nothing: upstreams do not charge for an error.
    private void Charge(IReadOnlyList<AttemptRecord> made, decimal bound)
    {
        foreach (var record in made)
        {
            bool broughtNothing = record is { Status: AttemptStatus.Failed, TimeToFirstToken: null };
            chargedUsd += record.Cost.IsComplete || broughtNothing ? record.Cost.Usd : Math.Max(record.Cost.Usd, bound);
            if (IsLate && record.Status is AttemptStatus.Cancelled) record.Status = AttemptStatus.TimedOut;
        }
    }

    private static Problem TooLate() => new(ProblemKind.Timeout, "The route's deadline passed before an answer was ready.", "limits.deadline");
}
