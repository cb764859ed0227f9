using System.Diagnostics.CodeAnalysis;
using System.Threading.RateLimiting;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Dispatch;

/// <summary>What is remembered of a deployment between calls and over configuration reloads: whether it works, and how many calls run and wait. Thread-safe.</summary>
[SuppressMessage("Design", "CA1001", Justification = "The limiter holds nothing but memory; disposing of it would fail the calls that a reload must let finish.")]
internal sealed class DeploymentLane(LaneIdentity identity, TimeProvider time)
{
    private readonly ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = identity.Concurrency.Limit,
        QueueLimit = identity.Concurrency.Queue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    private readonly Breaker breaker = new(identity.Deployment, identity.Breaker, time);
    private readonly RecentBreakers others = new(identity.Breaker, time);

    /// <summary>What a deployment must keep to keep its lane.</summary>
    public LaneIdentity Identity { get; } = identity;

    /// <summary>The circuit breaker of a deployment on this lane: it itself, or one of a provider's undeclared models, which share their places but not their health.</summary>
    public Breaker BreakerOf(string deployment) => deployment == Identity.Deployment ? breaker : others.Of(deployment);

    /// <summary>Waits for a place. Dispose the lease to give it back; a lease that is not acquired means that too many wait already.</summary>
    public ValueTask<RateLimitLease> EnterAsync(CancellationToken cancellationToken) => limiter.AcquireAsync(1, cancellationToken);

    /// <summary>Why there is no place.</summary>
    public Problem Full() => new(
        ProblemKind.RateLimited,
        $"Deployment `{Identity.Deployment}` is busy: {Identity.Concurrency.Limit} calls run and {limiter.GetStatistics()?.CurrentQueuedCount ?? 0} wait, of at most {Identity.Concurrency.Queue}. Try again later.",
        Code: FailureRules.QueueFull,
        RetryAfter: TimeSpan.FromSeconds(1),
        Source: Identity.Deployment);
}

/// <summary>What makes two configurations' deployments the same one. A changed price or timeout keeps its state, a changed server or limit does not.</summary>
internal sealed record LaneIdentity(string Deployment, string Provider, Uri? BaseUrl, string Model, ConcurrencyOptions Concurrency, BreakerOptions Breaker);
