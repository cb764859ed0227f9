using System.Globalization;

namespace Countersign.Cascade.Answers;

/// <summary>A number found in a text.</summary>
/// <param name="Index">Where it begins.</param>
/// <param name="Form">Its canonical form.</param>
internal sealed record FoundNumber(int Index, string Form);

/// <summary>Finds the numbers of a text: signs, currency, thousands separators, fractions, mixed fractions, clock times, "million". Digits within a word (<c>H2O</c>) are none.</summary>
internal sealed class NumberScanner
{
    private static readonly (string Word, decimal Scale)[] Scales = [(" thousand", 1e3m), (" million", 1e6m), (" billion", 1e9m)];

    private readonly string text;
    private int index;

    private NumberScanner(string text) => this.text = text;

    /// <summary>All of them, in order.</summary>
    public static List<FoundNumber> ReadAll(string text)
    {
        var scanner = new NumberScanner(text);
        List<FoundNumber> found = [];
        while (scanner.index < text.Length)
        {
            int start = scanner.index;
            if (scanner.StartsNumber()) found.Add(new FoundNumber(start, scanner.ReadNumber()));
            else scanner.SkipWordOrCharacter();
        }

        return found;
    }

    private bool StartsNumber() => char.IsAsciiDigit(At(0)) || (At(0) == '.' && char.IsAsciiDigit(At(1)));

    private void SkipWordOrCharacter()
    {
        bool isWord = char.IsLetter(At(0)) || At(0) == '_';
        index++;
        while (isWord && (char.IsLetterOrDigit(At(0)) || At(0) == '_')) index++;
    }

    private string ReadNumber()
    {
        string sign = IsNegative() ? "-" : "";
        string whole = ReadWhole();
        if (At(0) == ':' && whole.Length <= 2 && DigitsAt(1) == 2) return ReadClock(whole);
        string digits = sign + (whole.Length == 0 ? "0" : whole) + ReadRest();
        if (!decimal.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal number)) return JsonAnswer.CanonicalNumber(digits);
        number = Scaled(WithFraction(number, sign.Length > 0));
        return JsonAnswer.CanonicalNumber(number.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Whether a minus sign, and not an operator or a dash between numbers, stands before the number or its currency.</summary>
    private bool IsNegative()
    {
        int before = index - 1;
        if (before >= 0 && text[before] is '$' or '€' or '£' or '¥') before--;
        return before >= 0 && text[before] == '-' && (before == 0 || !(char.IsLetterOrDigit(text[before - 1]) || text[before - 1] is ')' or '}'));
    }

    private string ReadWhole()
    {
        int start = index;
        index += DigitsAt(0);
        if (index - start is >= 1 and <= 3)
        {
            while (At(0) == ',' && DigitsAt(1) == 3) index += 4;
        }

        return text[start..index].Replace(",", "", StringComparison.Ordinal);
    }

    private string ReadRest()
    {
        int start = index;
        if (At(0) == '.') index += DigitsAt(1) is var decimals and > 0 ? decimals + 1 : 0;
        int sign = At(1) is '+' or '-' ? 1 : 0;
        if (At(0) is 'e' or 'E' && DigitsAt(1 + sign) is var power and > 0 and <= 3) index += 1 + sign + power;
        return text[start..index];
    }

    private string ReadClock(string hours)
    {
        string minutes = text.Substring(index + 1, 2);
        index += 3;
        return minutes == "00" ? JsonAnswer.CanonicalNumber(hours) : $"{hours}:{minutes}";
    }

    /// <summary><c>1/2</c> divides; <c>3 1/2</c> adds.</summary>
    private decimal WithFraction(decimal number, bool negative)
    {
        if (At(0) == '/' && TryReadDigits(1, out decimal divisor) && divisor > 0) return Math.Round(number / divisor, 12);
        int start = index;
        if (At(0) == ' ' && TryReadDigits(1, out decimal top) && At(0) == '/' && TryReadDigits(1, out decimal bottom) && bottom > 0) return number + Math.Round((negative ? -top : top) / bottom, 12);
        index = start;
        return number;
    }

    private decimal Scaled(decimal number)
    {
        foreach (var (word, scale) in Scales)
        {
            if (Math.Abs(number) < 1e15m && text.AsSpan(index).StartsWith(word, StringComparison.OrdinalIgnoreCase)) return number * scale;
        }

        return number;
    }

    private bool TryReadDigits(int offset, out decimal number)
    {
        int digits = DigitsAt(offset);
        number = 0;
        if (digits is 0 or > 9) return false;
        number = decimal.Parse(text.AsSpan(index + offset, digits), NumberStyles.None, CultureInfo.InvariantCulture);
        index += offset + digits;
        return true;
    }

    private int DigitsAt(int offset)
    {
        int end = index + offset;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return Math.Max(0, end - index - offset);
    }

    private char At(int offset) => index + offset < text.Length ? text[index + offset] : '\0';
}
