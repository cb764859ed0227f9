using System.Globalization;

namespace Countersign.Protocol.Templates.Formatting;

/// <summary>Floats as Python writes them: the shortest digits that read back the same, always recognisable as a float.</summary>
internal static class PythonFloat
{
    /// <summary>Python's <c>repr</c>.</summary>
    public static string Repr(double number)
    {
        if (double.IsNaN(number)) return "nan";
        if (double.IsInfinity(number)) return number > 0 ? "inf" : "-inf";
        if (number == 0) return double.IsNegative(number) ? "-0.0" : "0.0";
        string sign = number < 0 ? "-" : "";
        var (digits, exponent) = Shortest(Math.Abs(number));
        if (exponent is < -4 or >= 16) return sign + Scientific(digits, exponent);
        if (exponent < 0) return $"{sign}0.{new string('0', -exponent - 1)}{digits}";
        if (digits.Length <= exponent + 1) return $"{sign}{digits.PadRight(exponent + 1, '0')}.0";
        return $"{sign}{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}";
    }

    /// <summary>As in JSON, where Python writes NaN and Infinity too.</summary>
    public static string Json(double number) => double.IsNaN(number) ? "NaN"
        : double.IsInfinity(number) ? (number > 0 ? "Infinity" : "-Infinity")
        : Repr(number);

    /// <summary>The digits without point or outer zeros, and the power of ten of the first one.</summary>
    private static (string Digits, int Exponent) Shortest(double number)
    {
        string[] parts = number.ToString("R", CultureInfo.InvariantCulture).Split('E');
        string[] halves = parts[0].Split('.');
        string whole = halves[0].TrimStart('0'), fraction = halves.Length > 1 ? halves[1] : "";
        int power = parts.Length > 1 ? int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : 0;
        int first = whole.Length > 0 ? whole.Length - 1 : -1 - (fraction.Length - fraction.TrimStart('0').Length);
        return ((whole + fraction).Trim('0'), first + power);
    }

    private static string Scientific(string digits, int exponent)
    {
        string mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}
