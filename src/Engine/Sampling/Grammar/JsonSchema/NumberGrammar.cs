using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>A bound of a range, itself in it or not.</summary>
internal readonly record struct NumberBound(decimal Value, bool IsExclusive);

/// <summary>Numbers within bounds.</summary>
internal static class NumberGrammar
{
    private const int MostListed = 1000;

    /// <summary>Whole numbers.</summary>
    public static GrammarExpression Integers(NumberBound? minimum, NumberBound? maximum)
    {
        (decimal? low, decimal? high) = (Lowest(minimum), Highest(maximum));
        var alternatives = new List<GrammarExpression>();
        if (low is null or < 0) alternatives.Add(Sequence(Literal("-"), DigitRange.Between(high < 0 ? -high.Value : 1, -low, 0)));
        if (low is null or <= 0 && high is null or >= 0) alternatives.Add(Literal("0"));
        if (high is null or > 0) alternatives.Add(DigitRange.Between(low > 0 ? low.Value : 1, high, 0));
        return Choice([.. alternatives]);
    }

    /// <summary>Every multiple within the bounds, one by one; null where there are too many.</summary>
    public static GrammarExpression? Multiples(decimal step, NumberBound? minimum, NumberBound? maximum)
    {
        if (Lowest(minimum) is not { } low || Highest(maximum) is not { } high || (high - low) / step > MostListed) return null;
        var multiples = new List<GrammarExpression>();
        for (decimal multiple = Math.Ceiling(low / step) * step; multiple <= high; multiple += step) multiples.Add(Literal(DigitRange.Text(multiple, 0)));
        return Choice([.. multiples]);
    }

    /// <summary>Numbers with a fraction, without an exponent: at least as many digits behind the point as the bounds have.</summary>
    public static GrammarExpression Numbers(NumberBound? minimum, NumberBound? maximum)
    {
        int fraction = Math.Max(Scale(minimum), Scale(maximum));
        var alternatives = new List<GrammarExpression>();
        if (maximum is null or { Value: >= 0 }) alternatives.Add(Magnitudes(minimum is { Value: >= 0 } low ? low : new(0, false), maximum, fraction));
        if (minimum is null or { Value: < 0 })
        {
            NumberBound nearest = maximum is { Value: < 0 } high ? high with { Value = -high.Value } : new(0, true);
            NumberBound? farthest = minimum is { } bound ? bound with { Value = -bound.Value } : null;
            alternatives.Add(Sequence(Literal("-"), Magnitudes(nearest, farthest, fraction)));
        }

        return Choice([.. alternatives]);
    }

    /// <summary>Digits behind the point.</summary>
    public static int Scale(NumberBound? bound) => bound is { } number ? (number.Value / 1.0000000000000000000000000000m).Scale : 0;

    // All whole steps of the last digit below the high bound, each with any further digits, and the high bound itself.
    private static GrammarExpression Magnitudes(NumberBound low, NumberBound? high, int fraction)
    {
        decimal step = new(1, 0, 0, false, (byte)fraction);
        GrammarExpression further = fraction == 0 ? Optional(Sequence(Literal("."), JsonText.Repeated(1, 15))) : JsonText.Repeated(0, 12);
        var alternatives = new List<GrammarExpression>
        {
            Sequence(DigitRange.Between(low.IsExclusive ? low.Value + step : low.Value, high?.Value - step, fraction), further),
        };
        if (low.IsExclusive && (high is null || high.Value.Value > low.Value)) alternatives.Add(Sequence(Literal(DigitRange.Text(low.Value, fraction)), MoreThanNothing(fraction)));
        if (high is { IsExclusive: false } end && (end.Value > low.Value || end.Value == low.Value && !low.IsExclusive)) alternatives.Add(Literal(DigitRange.Text(end.Value, fraction)));
        return Choice([.. alternatives]);
    }

    private static GrammarExpression MoreThanNothing(int fraction) =>
        Sequence(fraction == 0 ? Literal(".") : Empty, JsonText.Repeated(0, 12), OneOf(CharacterSet.Of(('1', '9'))));

    private static decimal? Lowest(NumberBound? bound) => bound is { } low ? low.IsExclusive ? Math.Floor(low.Value) + 1 : Math.Ceiling(low.Value) : null;

    private static decimal? Highest(NumberBound? bound) => bound is { } high ? high.IsExclusive ? Math.Ceiling(high.Value) - 1 : Math.Floor(high.Value) : null;
}
