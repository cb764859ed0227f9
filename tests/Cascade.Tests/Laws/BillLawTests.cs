using Countersign.Cascade.Attempts;
using Countersign.Cascade.Money;

namespace Countersign.Cascade.Tests.Laws;

/// <summary>Every attempt, also failed, cancelled, repaired or cut off, has a record with its money; what is unknown is said and never zero; no cap is overspent.</summary>
public class BillLawTests
{
    [Fact]
    public async Task Attempts_OfRandomCascades_AreAllClosedAndBilled()
    {
        for (int seed = 50_000; seed < 53_000; seed++)
        {
            using var cascade = new RandomCascade(seed);
            await cascade.RunAsync();
            Assert.Equal(0, cascade.Running);
            var attempts = cascade.Trace.Attempts;
            Assert.Equal(Enumerable.Range(1, attempts.Count), attempts.Select(attempt => attempt.Number));
            Assert.All(attempts, CheckOne);
            CheckSum(cascade, attempts);
        }
    }

    private static void CheckOne(AttemptRecord attempt)
    {
        Assert.NotEqual(AttemptStatus.Running, attempt.Status);
        bool known = attempt.Usage is not null && attempt.Deployment != "unpriced";
        Assert.Equal(known, attempt.Cost.IsComplete);
    }

    private static void CheckSum(RandomCascade cascade, IReadOnlyList<AttemptRecord> attempts)
    {
        var total = cascade.Trace.TotalCost;
        Assert.Equal(attempts.Sum(attempt => attempt.Cost.Usd), total.Usd);
        Assert.Equal(attempts.All(attempt => attempt.Cost.IsComplete), total.IsComplete);
        Assert.Equal(attempts.Sum(attempt => attempt.Usage?.OutputTokens ?? 0), cascade.Trace.TotalUsage?.OutputTokens ?? 0);
        Assert.True(attempts.Count <= cascade.Route.Limits.MaxAttempts);
        if (cascade.Route.Limits.MaxUsd is { } cap) Assert.True(total.Usd <= cap);
    }
}
