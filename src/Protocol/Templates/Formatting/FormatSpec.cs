using System.Globalization;
using System.Numerics;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Formatting;

/// <summary>How a value is written by <c>'...' % x</c> and <c>'...'.format(x)</c>: fill, width, sign, precision and type.</summary>
internal sealed record FormatSpec
{
    private const int WidestField = 10_000;

    public char Fill { get; init; } = ' ';

    /// <summary>'&lt;', '>', '^', '=' or '\0' for the type's own side.</summary>
    public char Align { get; init; }

    public char Sign { get; init; } = '-';
    public bool IsAlternate { get; init; }
    public bool HasThousands { get; init; }
    public int Width { get; init; }
    public int? Precision { get; init; }

    /// <summary>The type's letter, or '\0'.</summary>
    public char Type { get; init; }

    public string Text(string text)
    {
        if (Precision is { } precision && CodePoints.Count(text) > precision) text = text[..CodePoints.Offset(text, precision)];
        return Pad("", text, '<');
    }

    public string Number(Value value)
    {
        bool isFloat = value is FloatValue || char.ToLowerInvariant(Type) is 'e' or 'f' or 'g' or '%';
        string digits = isFloat ? FloatDigits(Math.Abs(Arithmetic.ToDouble(value))) : IntegerDigits(BigInteger.Abs(Arithmetic.ToInteger(value)));
        bool isNegative = value is FloatValue number ? double.IsNegative(number.Number) : Arithmetic.ToInteger(value).Sign < 0;
        string sign = isNegative ? "-" : Sign is '+' or ' ' ? Sign.ToString() : "";
        return Pad(sign, HasThousands ? WithThousands(digits) : digits, '>');
    }

    /// <summary>Reads a width or precision.</summary>
    public static int ReadSize(ReadOnlySpan<char> digits) => int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size <= WidestField
        ? size
        : throw TemplateException.Limit($"a field may not be wider than {WidestField} characters");

    private string IntegerDigits(BigInteger number)
    {
        if (Type == 'c') return number <= 0x10FFFF && System.Text.Rune.TryCreate((int)number, out var rune) ? rune.ToString() : "\uFFFD";
        int radix = Type switch { 'x' or 'X' => 16, 'o' => 8, 'b' => 2, _ => 10 };
        if (radix == 10) return number.ToString(CultureInfo.InvariantCulture);
        var digits = new Stack<char>();
        do
        {
            digits.Push("0123456789abcdef"[(int)(number % radix)]);
            number /= radix;
        }
        while (!number.IsZero);
        string text = (IsAlternate ? "0" + Type : "") + string.Concat(digits);
        return Type == 'X' ? text.ToUpperInvariant() : text;
    }

    private string FloatDigits(double number)
    {
        if (!double.IsFinite(number)) return PythonFloat.Repr(number);
        int precision = Precision ?? 6;
        return Type switch
        {
            'e' or 'E' => Exponential(number, precision, Type),
            'f' or 'F' => number.ToString($"F{precision}", CultureInfo.InvariantCulture),
            '%' => (number * 100).ToString($"F{precision}", CultureInfo.InvariantCulture) + "%",
            'g' or 'G' or 'n' => General(number, Math.Max(precision, 1), Type == 'G' ? 'E' : 'e'),
            _ => Precision is null ? PythonFloat.Repr(number) : General(number, Math.Max(precision, 1), 'e'),
        };
    }

    private static string Exponential(double number, int precision, char letter)
    {
        string[] parts = number.ToString($"E{precision}", CultureInfo.InvariantCulture).Split('E');
        int exponent = int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return $"{parts[0]}{letter}{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }

    private static string General(double number, int precision, char letter)
    {
        string exponential = Exponential(number, precision - 1, letter);
        int exponent = int.Parse(exponential.AsSpan(exponential.IndexOf(letter) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent >= -4 && exponent < precision) return WithoutZeros(number.ToString($"F{precision - 1 - exponent}", CultureInfo.InvariantCulture));
        string[] parts = exponential.Split(letter);
        return WithoutZeros(parts[0]) + letter + parts[1];
    }

    private static string WithoutZeros(string digits) => digits.Contains('.') ? digits.TrimEnd('0').TrimEnd('.') : digits;

    private static string WithThousands(string digits)
    {
        int end = digits.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (end < 0) end = digits.Length;
        for (int at = end - 3; at > 0; at -= 3) digits = digits.Insert(at, ",");
        return digits;
    }

    private string Pad(string sign, string body, char side)
    {
        int missing = Width - sign.Length - CodePoints.Count(body);
        if (missing <= 0) return sign + body;
        return (Align == '\0' ? side : Align) switch
        {
            '<' => sign + body + new string(Fill, missing),
            '^' => new string(Fill, missing / 2) + sign + body + new string(Fill, missing - (missing / 2)),
            '=' => sign + new string(Fill, missing) + body,
            _ => new string(Fill, missing) + sign + body,
        };
    }

    /// <summary>Reads the part behind the colon of a replacement field: <c>[[fill]align][sign][#][0][width][,][.precision][type]</c>.</summary>
    public static FormatSpec Parse(string text)
    {
        int at = 0;
        bool hasFill = text.Length > 1 && "<>=^".Contains(text[1]);
        var spec = new FormatSpec();
        if (hasFill) spec = spec with { Fill = text[0], Align = text[(at = 2) - 1] };
        else if (text.Length > 0 && "<>=^".Contains(text[0])) spec = spec with { Align = text[at++] };
        if (at < text.Length && "+- ".Contains(text[at])) spec = spec with { Sign = text[at++] };
        if (at < text.Length && text[at] == '#') (spec, at) = (spec with { IsAlternate = true }, at + 1);
        if (at < text.Length && text[at] == '0' && !hasFill) (spec, at) = (spec with { Fill = '0', Align = spec.Align == '\0' ? '=' : spec.Align }, at + 1);
        int end = at;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        if (end > at) spec = spec with { Width = ReadSize(text.AsSpan(at, end - at)) };
        return ParseRest(text, end, spec);
    }

    private static FormatSpec ParseRest(string text, int at, FormatSpec spec)
    {
        if (at < text.Length && text[at] == ',') (spec, at) = (spec with { HasThousands = true }, at + 1);
        if (at < text.Length && text[at] == '.')
        {
            int end = ++at;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (end == at) throw TemplateException.Other("Format specifier missing precision");
            (spec, at) = (spec with { Precision = ReadSize(text.AsSpan(at, end - at)) }, end);
        }

        if (at < text.Length) spec = spec with { Type = text[at++] };
        return at == text.Length ? spec : throw TemplateException.Other("Invalid format specifier");
    }

    /// <summary>A value by this specification, as <c>format(value, spec)</c>.</summary>
    public string Apply(RenderContext context, Value value)
    {
        bool isNumber = value is IntValue or FloatValue || (value is BoolValue && (Type != '\0' || Width > 0));
        if (isNumber && "\0bcdoxXneEfFgG%".Contains(Type) && (value is not FloatValue || !"bcdoxX".Contains(Type))) return Number(value);
        if (Type is not ('\0' or 's') || (isNumber && Type == 's')) throw TemplateException.Other($"Unknown format code '{Type}' for object of type '{value.TypeName}'");
        return Text(context.TextOf(value));
    }
}
