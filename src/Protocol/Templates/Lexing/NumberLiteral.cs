using System.Globalization;
using System.Numerics;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Lexing;

/// <summary>Number literals: decimal, <c>0x</c>, <c>0o</c>, <c>0b</c>, fractions, exponents, with single underscores between digits.</summary>
internal static class NumberLiteral
{
    private const int LongestInteger = 1000;

    /// <summary>The length of the number at the start of <paramref name="text"/>. Behind a dot (<c>x.0.1</c>) only an integer can stand.</summary>
    public static (int Length, bool IsFloat) Measure(ReadOnlySpan<char> text, bool afterDot)
    {
        int digits = Digits(text, 0);
        if (!afterDot && Fraction(text, digits) is var end && end > digits) return (end, true);
        if (text[0] != '0') return (digits, false);
        int prefixed = text.Length > 1 ? PrefixedLength(text, char.ToLowerInvariant(text[1])) : 0;
        if (prefixed > 0) return (prefixed, false);
        int zeros = 1;
        while (zeros < digits && text[zeros] is '0' or '_') zeros++;
        return (zeros, false);
    }

    public static Value Integer(string literal)
    {
        string digits = literal.Replace("_", "");
        if (digits.Length > LongestInteger) throw new TemplateException(TemplateFault.Syntax, $"an integer may not have more than {LongestInteger} digits");
        int radix = digits.Length < 2 ? 10 : char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 };
        if (radix == 10) return IntValue.Of(BigInteger.Parse(digits, CultureInfo.InvariantCulture));
        return IntValue.Of(digits.Skip(2).Aggregate(BigInteger.Zero, (sum, digit) => (sum * radix) + Convert.ToInt32(digit.ToString(), 16)));
    }

    public static Value Float(string literal) => new FloatValue(double.Parse(literal.Replace("_", ""), CultureInfo.InvariantCulture));

    private static int PrefixedLength(ReadOnlySpan<char> text, char letter)
    {
        string allowed = letter switch { 'x' => "0123456789abcdefABCDEF", 'o' => "01234567", 'b' => "01", _ => "" };
        int end = 2;
        while (end < text.Length && (allowed.Contains(text[end]) || (text[end] == '_' && end + 1 < text.Length && allowed.Contains(text[end + 1])))) end++;
        return allowed.Length > 0 && end > 2 ? end : 0;
    }

    /// <summary>The end of a fraction or exponent that begins at <paramref name="at"/>, or <paramref name="at"/> where there is none.</summary>
    private static int Fraction(ReadOnlySpan<char> text, int at)
    {
        int end = at;
        if (end < text.Length && text[end] == '.' && Digits(text, end + 1) is var fraction && fraction > end + 1) end = fraction;
        if (end >= text.Length || text[end] is not ('e' or 'E')) return end;
        int sign = end + 1 < text.Length && text[end + 1] is '+' or '-' ? end + 2 : end + 1;
        return Digits(text, sign) is var exponent && exponent > sign ? exponent : end;
    }

    private static int Digits(ReadOnlySpan<char> text, int at)
    {
        int end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || (end > at && text[end] == '_' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1])))) end++;
        return end;
    }
}
