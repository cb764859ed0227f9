using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>A decimal number of any size, exact: mantissa times a power of ten. <c>0.1</c> is 0.1, and 19.99 is a multiple of 0.01.</summary>
internal readonly record struct ExactNumber(BigInteger Mantissa, int Exponent)
{
    private const int MaxLength = 10_000;

    /// <summary>The number that <paramref name="value"/> is.</summary>
    /// <exception cref="SchemaLimitException">It has absurdly many digits.</exception>
    public static ExactNumber Of(JsonElement value) =>
        value.TryGetInt64(out long whole) ? new ExactNumber(whole, 0) : Parse(value.GetRawText());

    /// <summary>Whether it has no fraction.</summary>
    public bool IsInteger => Exponent >= 0 || Mantissa.IsZero || (-(long)Exponent <= Digits(Mantissa) && (Mantissa % BigInteger.Pow(10, -Exponent)).IsZero);

    /// <summary>Which of two is greater: negative, zero or positive.</summary>
    public int CompareTo(ExactNumber other)
    {
        if (Mantissa.Sign != other.Mantissa.Sign || Mantissa.IsZero) return Mantissa.Sign.CompareTo(other.Mantissa.Sign);
        long magnitude = Digits(Mantissa) + Exponent, otherMagnitude = Digits(other.Mantissa) + other.Exponent;
        if (magnitude != otherMagnitude) return magnitude.CompareTo(otherMagnitude) * Mantissa.Sign;
        int shift = Exponent - other.Exponent; // bounded by the digits written, since the magnitudes are equal
        return shift >= 0 ? (Mantissa * BigInteger.Pow(10, shift)).CompareTo(other.Mantissa) : Mantissa.CompareTo(other.Mantissa * BigInteger.Pow(10, -shift));
    }

    /// <summary>Whether it is a whole multiple of <paramref name="step"/>, which is positive.</summary>
    public bool IsMultipleOf(ExactNumber step)
    {
        if (Mantissa.IsZero) return true;
        long shift = (long)Exponent - step.Exponent;
        if (shift >= 0) return (Mantissa % step.Mantissa * BigInteger.ModPow(10, shift, step.Mantissa) % step.Mantissa).IsZero;
        return -shift <= Digits(Mantissa) && (Mantissa % (step.Mantissa * BigInteger.Pow(10, (int)-shift))).IsZero;
    }

    private static ExactNumber Parse(string text)
    {
        if (text.Length > MaxLength) throw new SchemaLimitException("A number has too many digits.");
        int power = text.AsSpan().IndexOfAny('e', 'E');
        string digits = power < 0 ? text : text[..power];
        if (!int.TryParse(power < 0 ? "0" : text[(power + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int exponent) || Math.Abs((long)exponent) > 1_000_000_000)
        {
            throw new SchemaLimitException("A number has too large an exponent.");
        }

        int point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point < 0) return new ExactNumber(BigInteger.Parse(digits, CultureInfo.InvariantCulture), exponent);
        return new ExactNumber(BigInteger.Parse(digits.Remove(point, 1), CultureInfo.InvariantCulture), exponent - (digits.Length - point - 1));
    }

    private static long Digits(BigInteger value) => BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).Length;
}
