using Countersign.Gateway.Access;
using Countersign.Gateway.Limits;
using Countersign.Gateway.Tests.Ledger;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Tests.Limits;

public sealed class RateLimiterTests
{
    private readonly ManualTime time = new(Sample.Noon);
    private readonly RateLimiter limiter;

    public RateLimiterTests() => limiter = new RateLimiter(time);

    [Fact]
    public void Requests_BeyondTheMinute_WaitForTheNextPlace()
    {
        var caller = Sample.Ann with { Rate = new RateLimit(RequestsPerMinute: 6) };
        for (int i = 0; i < 6; i++) limiter.Take(caller, 0);

        Assert.Equal(TimeSpan.FromSeconds(10), Refused(caller, 0).RetryAfter);
        time.Advance(TimeSpan.FromSeconds(10));
        limiter.Take(caller, 0);
        Assert.Equal(ProblemKind.RateLimited, Refused(caller, 0).Kind);
    }

    [Fact]
    public void Requests_OfAnotherCaller_AreCountedApart()
    {
        var rate = new RateLimit(RequestsPerMinute: 1);
        limiter.Take(Sample.Ann with { Rate = rate }, 0);
        limiter.Take(Sample.Bob with { Rate = rate }, 0);

        Refused(Sample.Ann with { Rate = rate }, 0);
    }

    [Fact]
    public void Tokens_MoreUsedThanExpected_AreADebt()
    {
        var caller = Sample.Ann with { Rate = new RateLimit(TokensPerMinute: 600) };
        limiter.Take(caller, 100);
        limiter.Correct(caller, taken: 100, used: 1200);

        Assert.Equal(TimeSpan.FromSeconds(61), Refused(caller, 10).RetryAfter);
        time.Advance(TimeSpan.FromSeconds(61));
        limiter.Take(caller, 10);
    }

    [Fact]
    public void Tokens_OfARequestLargerThanAMinute_AreGivenFromAFullBucket()
    {
        var caller = Sample.Ann with { Rate = new RateLimit(TokensPerMinute: 600) };
        limiter.Take(caller, 900);

        Assert.Equal(TimeSpan.FromSeconds(40), Refused(caller, 100).RetryAfter);
    }

    [Fact]
    public void Tokens_Refused_TakeNoRequest()
    {
        var caller = Sample.Ann with { Rate = new RateLimit(RequestsPerMinute: 2, TokensPerMinute: 100) };
        limiter.Take(caller, 100);
        Refused(caller, 50);
        Refused(caller, 50);
        time.Advance(TimeSpan.FromSeconds(29));
        Refused(caller, 50);
        time.Advance(TimeSpan.FromSeconds(1));
        limiter.Take(caller, 50);
    }

    [Fact]
    public void Limit_Changed_BeginsAnew()
    {
        limiter.Take(Sample.Ann with { Rate = new RateLimit(RequestsPerMinute: 1) }, 0);
        limiter.Take(Sample.Ann with { Rate = new RateLimit(RequestsPerMinute: 2) }, 0);
        limiter.Take(Sample.Ann with { Rate = new RateLimit(RequestsPerMinute: 2) }, 0);
    }

    [Fact]
    public async Task Requests_AtOnce_AreNeverMoreThanTheLimit()
    {
        var caller = Sample.Ann with { Rate = new RateLimit(RequestsPerMinute: 50) };
        int taken = 0;
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() =>
        {
            try
            {
                limiter.Take(caller, 0);
                Interlocked.Increment(ref taken);
            }
            catch (ProblemException)
            {
                // Refused, as most of them should be.
            }
        })));

        Assert.Equal(50, taken);
    }

    private Problem Refused(Caller caller, long tokens) => Assert.Throws<ProblemException>(() => limiter.Take(caller, tokens)).Problem;
}
