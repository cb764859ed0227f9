namespace Countersign.Engine.Sampling;

/// <summary>exp and log from additions and multiplications alone. The C library's differ between machines in the last bit, and a draw near a boundary would differ with them.</summary>
internal static class PortableMath
{
    private const double Log2 = 0.69314718055994530942;

    /// <summary>e to the <paramref name="x"/>, within 1e-14 relative; 0 below -700. For x up to 700.</summary>
    public static double Exp(double x)
    {
        if (!(x > -700)) return 0;
        double k = Math.Floor(x / Log2 + 0.5);
        double r = x - k * Log2;
        double sum = 1, term = 1;
        for (int i = 1; i <= 13; i++)
        {
            term = term * r / i;
            sum += term;
        }

        return sum * BitConverter.Int64BitsToDouble((long)k + 1023 << 52);
    }

    /// <summary>The natural logarithm of a positive normal number, within 1e-14.</summary>
    public static double Log(double x)
    {
        long bits = BitConverter.DoubleToInt64Bits(x);
        int exponent = (int)(bits >> 52) - 1023;
        double m = BitConverter.Int64BitsToDouble(bits & 0xFFFFFFFFFFFFF | 0x3FF0000000000000);
        if (m > 1.4142135623730951) (m, exponent) = (m / 2, exponent + 1);
        double t = (m - 1) / (m + 1), square = t * t, power = t, sum = 0;
        for (int i = 1; i < 30; i += 2)
        {
            sum += power / i;
            power *= square;
        }

        return 2 * sum + exponent * Log2;
    }
}
