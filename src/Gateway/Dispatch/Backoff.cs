using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Dispatch;

/// <summary>How long to wait before the next try.</summary>
internal static class Backoff
{
    /// <summary>The wait after try number <paramref name="tried"/> (from 0): doubling, of which a random half is taken off so that callers who failed together
    /// do not come back together; at least the upstream's <c>Retry-After</c>. <c>null</c>: do not try again.</summary>
    /// <param name="options">The deployment's options.</param>
    /// <param name="tried">How many tries have failed before this one.</param>
    /// <param name="problem">Why it failed.</param>
    /// <param name="random">A number in 0..1.</param>
    public static TimeSpan? Next(RetryOptions options, int tried, Problem problem, double random)
    {
        if (tried >= options.Attempts || !FailureRules.MayRetry(problem) || problem.RetryAfter > options.MaxDelay) return null;
        double doubled = options.Delay.TotalMilliseconds * Math.Pow(2, Math.Min(tried, 30));
        var wait = TimeSpan.FromMilliseconds(Math.Min(doubled, options.MaxDelay.TotalMilliseconds) * (1 - random / 2));
        return problem.RetryAfter > wait ? problem.RetryAfter : wait;
    }
}
