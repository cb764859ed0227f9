namespace Countersign.Replay.Results;

/// <summary>A figure with its 95 % interval.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Low">The lower end.</param>
/// <param name="High">The upper end.</param>
internal sealed record Interval(double Value, double Low, double High)
{
    private const double Quantile = 1.959963984540054; // 97.5 % of the normal distribution

    /// <summary>A share in percent, with Wilson's score interval. See E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).</summary>
    public static Interval Percent(int successes, int count)
    {
        double share = (double)successes / count, square = Quantile * Quantile;
        double middle = (share + (square / (2 * count))) / (1 + (square / count));
        double half = Quantile / (1 + (square / count)) * Math.Sqrt((share * (1 - share) / count) + (square / (4.0 * count * count)));
        return Of(100 * share, 100 * (middle - half), 100 * (middle + half), 4);
    }

    /// <summary>The ratio of two sums over the same questions, by linearisation (the delta method).</summary>
    public static Interval Ratio(IReadOnlyList<double> tops, IReadOnlyList<double> bottoms)
    {
        double bottom = bottoms.Sum(), ratio = tops.Sum() / bottom;
        double half = Quantile * Math.Sqrt(tops.Zip(bottoms, (x, y) => Math.Pow(x - (ratio * y), 2)).Sum()) / bottom;
        return Of(ratio, ratio - half, ratio + half, 4);
    }

    /// <summary>The difference of two shares over the same questions, in points.</summary>
    public static Interval Points(IReadOnlyList<bool> left, IReadOnlyList<bool> right)
    {
        var differences = left.Zip(right, (x, y) => 100.0 * ((x ? 1 : 0) - (y ? 1 : 0))).ToList();
        double mean = differences.Average(), half = Quantile * Math.Sqrt(differences.Sum(difference => Math.Pow(difference - mean, 2))) / differences.Count;
        return Of(mean, mean - half, mean + half, 4);
    }

    private static Interval Of(double value, double low, double high, int digits) => new(Math.Round(value, digits), Math.Round(low, digits), Math.Round(high, digits));
}
