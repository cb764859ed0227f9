using System.Globalization;
using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>The texts of all numbers of a range, digit by digit: 18 to 120 is <c>1[89] | [2-9][0-9] | 1[01][0-9] | 120</c>.</summary>
internal static class DigitRange
{
    private const int LongestUnbounded = 16;

    /// <summary>Numbers from <paramref name="low"/> to <paramref name="high"/> (null is without bound) with exactly <paramref name="fraction"/> digits behind the point. Not negative.</summary>
    public static GrammarExpression Between(decimal low, decimal? high, int fraction)
    {
        if (high < low) return Nothing;
        string from = Text(low, fraction), to = high is { } bound ? Text(bound, fraction) : Filled('9', '9', from.Length, fraction);
        var alternatives = new List<GrammarExpression>();
        for (int length = from.Length; length <= to.Length; length++)
        {
            string lowest = length == from.Length ? from : Filled('1', '0', length, fraction);
            string highest = length == to.Length ? to : Filled('9', '9', length, fraction);
            alternatives.Add(SameLength(lowest, highest));
        }

        if (high is null) alternatives.Add(Longer(from, fraction));
        return Choice([.. alternatives]);
    }

    public static string Text(decimal number, int fraction) => number.ToString("F" + fraction.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static GrammarExpression Longer(string from, int fraction)
    {
        int whole = from.Length - (fraction > 0 ? fraction + 1 : 0);
        return Sequence(OneOf(CharacterSet.Of(('1', '9'))), JsonText.Repeated(whole, Math.Max(whole, LongestUnbounded - 1)), Any(from.AsSpan(whole)));
    }

    private static string Filled(char first, char others, int length, int fraction) => string.Create(length, (first, others, fraction), static (text, fill) =>
    {
        text.Fill(fill.others);
        text[0] = fill.first;
        if (fill.fraction > 0) text[^(fill.fraction + 1)] = '.';
    });

    private static GrammarExpression SameLength(ReadOnlySpan<char> low, ReadOnlySpan<char> high)
    {
        if (low.IsEmpty) return Empty;
        if (!low.ContainsAnyExcept('0', '.') && !high.ContainsAnyExcept('9', '.')) return Any(low);
        ReadOnlySpan<char> lowRest = low[1..], highRest = high[1..];
        if (low[0] == high[0]) return Sequence(Literal(low[..1].ToString()), SameLength(lowRest, highRest));
        var alternatives = new List<GrammarExpression>
        {
            Sequence(Literal(low[..1].ToString()), SameLength(lowRest, Replaced(lowRest, '9'))),
            Sequence(Literal(high[..1].ToString()), SameLength(Replaced(highRest, '0'), highRest)),
        };
        if (high[0] - low[0] > 1) alternatives.Add(Sequence(OneOf(CharacterSet.Of((low[0] + 1, high[0] - 1))), Any(lowRest)));
        return Choice([.. alternatives]);
    }

    private static string Replaced(ReadOnlySpan<char> text, char digit)
    {
        var replaced = new char[text.Length];
        for (int i = 0; i < text.Length; i++) replaced[i] = text[i] == '.' ? '.' : digit;
        return new string(replaced);
    }

    private static GrammarExpression Any(ReadOnlySpan<char> shape)
    {
        var parts = new GrammarExpression[shape.Length];
        for (int i = 0; i < parts.Length; i++) parts[i] = shape[i] == '.' ? Literal(".") : OneOf(JsonText.Digits);
        return Sequence(parts);
    }
}
