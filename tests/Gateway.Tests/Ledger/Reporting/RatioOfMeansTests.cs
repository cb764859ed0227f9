using Countersign.Gateway.Ledger.Reporting;

namespace Countersign.Gateway.Tests.Ledger.Reporting;

public sealed class RatioOfMeansTests
{
    [Fact]
    public void Interval_WhereAllSucceededAtOneCost_IsNotAPoint()
    {
        var (low, high) = Of(Enumerable.Repeat((2.0, true), 50)).Interval()!.Value;

        Assert.Equal(2, Of(Enumerable.Repeat((2.0, true), 50)).Value);
        Assert.InRange(low, 1.9, 2);
        Assert.InRange(high, 2 / 0.93, 2 / 0.89); // The rate's interval by Agresti and Coull begins at 0.913, by Clopper and Pearson at 0.929.
    }

    [Fact]
    public void Interval_OfAKnownSample_IsFiellers()
    {
        // Solved by hand: x = 1..10, y = 1 but for the two dearest, which makes 4.5 and 9.5 on the average; 1.92 more of each; t(9) = 2.262157.
        var ratio = Of(Enumerable.Range(1, 10).Select(x => ((double)x, x <= 8)));

        var (low, high) = ratio.Interval()!.Value;

        double n = 13.841459, x = (55 + (1.9207295 * 14)) / n, y = 9.9207295 / n, within = (385 - (8 * 4.5 * 4.5) - (2 * 9.5 * 9.5)) / 10;
        double xx = ((385 + (1.9207295 * (20.25 + 90.25)) + (3.841459 * within)) / n) - (x * x), xy = ((36 + (1.9207295 * 4.5)) / n) - (x * y);
        double share = 2.262157 * 2.262157 / 9, a = (y * y) - (share * y * (1 - y)), b = (x * y) - (share * xy), c = (x * x) - (share * xx), root = Math.Sqrt((b * b) - (a * c));
        Assert.Equal((b - root) / a, low, 0.005);
        Assert.Equal((b + root) / a, high, 0.005);
        Assert.Equal(6.875, ratio.Value);
    }

    [Fact]
    public void Interval_OfTooFewOrNoSuccesses_IsNotGiven()
    {
        Assert.Null(Of(Enumerable.Range(0, 9).Select(i => (1.0, i > 0))).Interval());
        Assert.Null(Of(Enumerable.Repeat((1.0, false), 100)).Interval());
        Assert.Null(Of(Enumerable.Repeat((1.0, false), 100)).Value);
        Assert.Null(Of(Enumerable.Range(0, 100).Select(i => (1.0, i == 0))).Interval()); // One success in a hundred may be next to none.
    }

    /// <summary>The interval must contain the true ratio about 95 times in a hundred, of those that are given: also where nearly all succeed, where failures cost next to nothing,
    /// and where both cost and success depend on whether the request was escalated.</summary>
    [Theory]
    [MemberData(nameof(Truths))]
    public void Interval_OverManySamples_CoversTheTruthAsPromised(Kind kind, double rate, int count)
    {
        const int Samples = 1500;
        var random = new Random(20260314);
        double truth = Truth(kind, rate);
        var given = Enumerable.Range(0, Samples).Select(_ => Of(Enumerable.Range(0, count).Select(_ => Draw(kind, rate, random))).Interval()).OfType<(double Low, double High)>().ToList();

        Assert.InRange(given.Count, 0.6 * Samples, Samples);
        Assert.True(given.Count(interval => interval.Low <= truth && truth <= interval.High) >= 0.93 * given.Count);
    }

    public static IEnumerable<TheoryDataRow<Kind, double, int>> Truths() =>
        from kind in Enum.GetValues<Kind>() from rate in (double[])[0.5, 0.9, 0.98] from count in (int[])[10, 20, 60, 200] select new TheoryDataRow<Kind, double, int>(kind, rate, count);

    public enum Kind { OneCost, CheapFailures, Escalations }

    private static (double Cost, bool Success) Draw(Kind kind, double rate, Random random)
    {
        bool isEscalated = kind is Kind.Escalations && random.NextDouble() < 0.3, isSuccess = random.NextDouble() < (isEscalated ? rate - 0.3 : rate);
        return (isEscalated ? 20 : kind is Kind.CheapFailures && !isSuccess ? 0.1 : 1, isSuccess);
    }

    private static double Truth(Kind kind, double rate) => kind switch
    {
        Kind.OneCost => 1 / rate,
        Kind.CheapFailures => (rate + (0.1 * (1 - rate))) / rate,
        _ => (0.7 + (0.3 * 20)) / ((0.7 * rate) + (0.3 * (rate - 0.3))),
    };

    private static RatioOfMeans Of(IEnumerable<(double Cost, bool Success)> requests)
    {
        var all = requests.ToList();
        return new RatioOfMeans(all.Count, all.Sum(x => x.Cost), all.Count(x => x.Success), all.Sum(x => x.Cost * x.Cost), all.Where(x => x.Success).Sum(x => x.Cost));
    }
}
