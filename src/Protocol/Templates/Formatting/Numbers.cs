using System.Globalization;
using System.Numerics;
using Countersign.Protocol.Templates.Lexing;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Formatting;

/// <summary>Texts and floats turned into numbers as Python's <c>int()</c> and <c>float()</c> do.</summary>
internal static class Numbers
{
    public static IntValue Truncate(double number) =>
        double.IsFinite(number) ? IntValue.Of(new BigInteger(number)) : throw TemplateException.Other("cannot convert float infinity or NaN to integer");

    public static IntValue? Integer(string text, int radix)
    {
        string digits = PythonSpace.Trim(text).ToString().Replace("_", "");
        bool isNegative = digits.StartsWith('-');
        if (digits.StartsWith('-') || digits.StartsWith('+')) digits = digits[1..];
        digits = WithoutPrefix(digits.ToLowerInvariant(), ref radix);
        if (digits.Length is 0 or > 1000) return null;
        var number = BigInteger.Zero;
        foreach (char digit in digits)
        {
            int worth = char.IsAsciiDigit(digit) ? digit - '0' : digit is >= 'a' and <= 'z' ? digit - 'a' + 10 : 99;
            if (worth >= radix) return null;
            number = (number * radix) + worth;
        }

        return IntValue.Of(isNegative ? -number : number);
    }

    public static double? Float(string text) =>
        double.TryParse(PythonSpace.Trim(text).ToString().Replace("_", ""), NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    private static string WithoutPrefix(string digits, ref int radix)
    {
        int named = digits.Length < 2 || digits[0] != '0' ? 0 : digits[1] switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 };
        if (named == 0 || (radix != 0 && radix != named))
        {
            if (radix == 0) radix = 10;
            return digits;
        }

        radix = named;
        return digits[2..];
    }
}
