using System.Globalization;
using Countersign.Cascade.Money;

namespace Countersign.Cli;

/// <summary>Money in words: what a thousand requests cost and what one did are both read off.</summary>
internal static class Dollars
{
    private const int Digits = 4, Cents = 2, MostDecimals = 12;

    /// <summary>US dollars with four significant digits.</summary>
    public static string Text(double usd)
    {
        int decimals = usd == 0 ? Cents : Math.Clamp(Digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(usd))), Cents, MostDecimals);
        return "$" + usd.ToString("N" + decimals, CultureInfo.InvariantCulture);
    }

    /// <summary>A cost; where a part of it is not known, what it is at least.</summary>
    public static string Text(Cost cost) => (cost.IsComplete ? "" : "at least ") + Text((double)cost.Usd);
}
