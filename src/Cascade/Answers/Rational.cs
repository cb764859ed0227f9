using System.Globalization;
using System.Numerics;

namespace Countersign.Cascade.Answers;

/// <summary>A number that is exact where it can be: a fraction, else an approximation.</summary>
internal readonly struct Rational
{
    // Beyond this size a fraction is kept as an approximation only, so that no power can exhaust memory.
    private const int MaxBits = 4096;

    private const double MaxApproximation = 1e9;

    private readonly BigInteger top, bottom; // bottom is 0 for an approximation
    private readonly double approximation;

    private Rational(BigInteger top, BigInteger bottom)
    {
        var divisor = BigInteger.GreatestCommonDivisor(top, bottom) * bottom.Sign;
        (this.top, this.bottom) = (top / divisor, bottom / divisor);
        approximation = Math.Exp(BigInteger.Log(BigInteger.Abs(this.top)) - BigInteger.Log(this.bottom)) * this.top.Sign;
        if (this.top.IsZero) approximation = 0;
        if (this.top.GetBitLength() > MaxBits || this.bottom.GetBitLength() > MaxBits) this.bottom = 0;
    }

    private Rational(double approximation) => this.approximation = approximation;

    private bool IsExact => !bottom.IsZero;

    /// <summary>Its value.</summary>
    public double Value => approximation;

    /// <summary>An exact integer.</summary>
    public static Rational Of(BigInteger value) => new(value, BigInteger.One);

    /// <summary>An approximation.</summary>
    public static Rational About(double value) => new(value);

    /// <summary>A number as it is written in decimals; <c>null</c> where it is too long.</summary>
    public static Rational? Parse(string digits)
    {
        if (digits.Length > 300) return null;
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        if (point < 0) return Of(BigInteger.Parse(digits, CultureInfo.InvariantCulture));
        string all = digits.Remove(point, 1);
        return new Rational(all.Length == 0 ? 0 : BigInteger.Parse(all, CultureInfo.InvariantCulture), BigInteger.Pow(10, digits.Length - point - 1));
    }

    public static Rational operator +(Rational a, Rational b) =>
        a.IsExact && b.IsExact ? new((a.top * b.bottom) + (b.top * a.bottom), a.bottom * b.bottom) : About(a.Value + b.Value);

    public static Rational operator -(Rational a) => a.IsExact ? new(-a.top, a.bottom) : About(-a.Value);

    public static Rational operator *(Rational a, Rational b) =>
        a.IsExact && b.IsExact ? new(a.top * b.top, a.bottom * b.bottom) : About(a.Value * b.Value);

    public static Rational operator /(Rational a, Rational b) =>
        a.IsExact && b.IsExact && !b.top.IsZero ? new(a.top * b.bottom, a.bottom * b.top) : About(a.Value / b.Value);

    /// <summary>The power; exact for whole exponents of moderate size.</summary>
    public Rational Power(Rational exponent)
    {
        bool isWhole = exponent.IsExact && exponent.bottom.IsOne && BigInteger.Abs(exponent.top) * Math.Max(top.GetBitLength(), bottom.GetBitLength()) <= MaxBits;
        if (!isWhole || !IsExact || top.IsZero) return About(Math.Pow(Value, exponent.Value));
        int power = (int)exponent.top;
        var (a, b) = (BigInteger.Pow(top, Math.Abs(power)), BigInteger.Pow(bottom, Math.Abs(power)));
        return power < 0 ? new(b, a) : new(a, b);
    }

    /// <summary>The root of degree <paramref name="degree"/>; exact where it is a whole number or a fraction of such.</summary>
    public Rational Root(int degree)
    {
        if (!IsExact || top.Sign < 0) return About(Math.Pow(Value, 1.0 / degree));
        var (a, b) = (WholeRoot(top, degree), WholeRoot(bottom, degree));
        return a is { } x && b is { } y ? new(x, y) : About(Math.Pow(Value, 1.0 / degree));
    }

    /// <summary>The canonical form: <c>7</c>, <c>3/4</c>, or twelve digits of an approximation; <c>null</c> where it is no number, or so large an approximation that these do not tell it from another.</summary>
    public string? Form()
    {
        if (IsExact) return bottom.IsOne ? top.ToString(CultureInfo.InvariantCulture) : $"{top}/{bottom}";
        return Math.Abs(Value) < MaxApproximation ? "~" + Value.ToString("G12", CultureInfo.InvariantCulture) : null;
    }

    /// <summary>The canonical form in decimals where they end: <c>0.75</c>; else as <see cref="Form"/> gives it.</summary>
    public string? DecimalForm()
    {
        if (!IsExact) return Form();
        var rest = bottom;
        int twos = 0, fives = 0;
        for (; rest.IsEven; twos++) rest /= 2;
        for (; (rest % 5).IsZero; fives++) rest /= 5;
        int places = Math.Max(twos, fives);
        return rest.IsOne ? JsonAnswer.CanonicalNumber($"{top * BigInteger.Pow(10, places) / bottom}e-{places}") : Form();
    }

    private static BigInteger? WholeRoot(BigInteger value, int degree)
    {
        if (value.GetBitLength() > 52) return null;
        var root = new BigInteger(Math.Round(Math.Pow((double)value, 1.0 / degree)));
        return BigInteger.Pow(root, degree) == value ? root : null;
    }
}
