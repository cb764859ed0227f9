using System.Collections.Concurrent;
using Countersign.Gateway.Access;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Limits;

/// <summary>Requests and tokens per minute of every caller. Kept in memory: a restart begins with full buckets.</summary>
internal sealed class RateLimiter(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Buckets> callers = new();

    /// <summary>Takes one request and so many tokens.</summary>
    /// <exception cref="ProblemException">The caller has used up its minute; says when to come again.</exception>
    public void Take(Caller caller, long tokens)
    {
        if (caller.Rate is { RequestsPerMinute: null, TokensPerMinute: null }) return;
        var buckets = BucketsOf(caller);
        if (buckets.Requests?.Take(1) is { } requestWait) throw Refuse(caller, $"{caller.Rate.RequestsPerMinute} requests", requestWait);
        if (buckets.Tokens?.Take(tokens) is not { } tokenWait) return;
        buckets.Requests?.Give(1);
        throw Refuse(caller, $"{caller.Rate.TokensPerMinute} tokens", tokenWait);
    }

    /// <summary>Gives back a request that was not made.</summary>
    public void GiveBack(Caller caller, long tokens)
    {
        if (!callers.TryGetValue(caller.Id, out var buckets)) return;
        buckets.Requests?.Give(1);
        buckets.Tokens?.Give(tokens);
    }

    /// <summary>Corrects the tokens of a request that were taken to those that it used.</summary>
    public void Correct(Caller caller, long taken, long used)
    {
        if (callers.TryGetValue(caller.Id, out var buckets)) buckets.Tokens?.Give(taken - used);
    }

    private Buckets BucketsOf(Caller caller) => callers.AddOrUpdate(caller.Id, _ => NewBuckets(caller.Rate), (_, known) => known.Rate == caller.Rate ? known : NewBuckets(caller.Rate));

    private Buckets NewBuckets(RateLimit rate) => new(
        rate,
        rate.RequestsPerMinute is { } requests ? new TokenBucket(requests, time) : null,
        rate.TokensPerMinute is { } tokens ? new TokenBucket(tokens, time) : null);

    private static ProblemException Refuse(Caller caller, string limit, TimeSpan wait) => new(new Problem(
        ProblemKind.RateLimited, $"The API key '{caller.Name}' may use {limit} per minute. Try again in {Math.Ceiling(wait.TotalSeconds)} s.", Code: "rate_limit_exceeded", RetryAfter: wait));

    private sealed record Buckets(RateLimit Rate, TokenBucket? Requests, TokenBucket? Tokens);
}
