using Countersign.Gateway.Ledger.Reporting;

namespace Countersign.Gateway.Tests.Ledger.Reporting;

public sealed class RatioOfMeansTests
{
    [Fact]
    public void Interval_OfConstantCostsAndSuccesses_IsThePoint()
    {
        var ratio = Of(Enumerable.Repeat((2.0, true), 50));

        Assert.Equal(2, ratio.Value);
        Assert.Equal(2, ratio.Interval()!.Value.Low, 9);
        Assert.Equal(2, ratio.Interval()!.Value.High, 9);
    }

    [Fact]
    public void Interval_OfAKnownSample_IsFiellers()
    {
        // Solved by hand: x = 1..10, y = 1 but for the two dearest; t(9) = 2.262157.
        var ratio = Of(Enumerable.Range(1, 10).Select(x => ((double)x, x <= 8)));

        var (low, high) = ratio.Interval()!.Value;

        double share = 2.262157 * 2.262157 / 9, a = 0.64 - (share * 0.16), b = 4.4 - (share * (3.6 - 4.4)), c = 30.25 - (share * 8.25), root = Math.Sqrt((b * b) - (a * c));
        Assert.Equal((b - root) / a, low, 2);
        Assert.Equal((b + root) / a, high, 2);
        Assert.Equal(6.875, ratio.Value);
    }

    [Fact]
    public void Interval_OfTooFewOrNoSuccesses_IsNotGiven()
    {
        Assert.Null(Of([(1, true), (1, false), (1, true)]).Interval());
        Assert.Null(Of(Enumerable.Repeat((1.0, false), 100)).Interval());
        Assert.Null(Of(Enumerable.Repeat((1.0, false), 100)).Value);
        Assert.Null(Of(Enumerable.Range(0, 100).Select(i => (1.0, i == 0))).Interval()); // One success in a hundred may be next to none.
    }

    /// <summary>Drafts at 1, escalations at 20; success depends on which. The interval must contain the true ratio about 95 times in a hundred.</summary>
    [Theory]
    [InlineData(60)]
    [InlineData(400)]
    public void Interval_OverManySamples_CoversTheTruthAsPromised(int count)
    {
        var random = new Random(20260314);
        const double truth = ((0.7 * 1) + (0.3 * 20)) / ((0.7 * 0.9) + (0.3 * 0.6));
        int covered = 0;
        const int samples = 4000;
        for (int sample = 0; sample < samples; sample++)
        {
            var (low, high) = Of(Enumerable.Range(0, count).Select(_ => Draw(random))).Interval()!.Value;
            if (low <= truth && truth <= high) covered++;
        }

        Assert.InRange(covered / (double)samples, 0.93, 0.965);
    }

    private static (double Cost, bool Success) Draw(Random random)
    {
        bool isEscalated = random.NextDouble() < 0.3;
        return (isEscalated ? 20 : 1, random.NextDouble() < (isEscalated ? 0.6 : 0.9));
    }

    private static RatioOfMeans Of(IEnumerable<(double Cost, bool Success)> requests)
    {
        var all = requests.ToList();
        return new RatioOfMeans(all.Count, all.Sum(x => x.Cost), all.Count(x => x.Success), all.Sum(x => x.Cost * x.Cost), all.Where(x => x.Success).Sum(x => x.Cost));
    }
}
