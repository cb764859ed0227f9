using System.Collections.Frozen;
using System.Globalization;

namespace Countersign.Cascade.Answers;

/// <summary>Finds the numbers of a text: signs, currency, separators of thousands, fractions, mixed fractions, clock times, "million". Digits within a word (<c>H2O</c>, <c>cm^2</c>) are none.</summary>
internal sealed class NumberScanner
{
    private static readonly (string Word, long Scale)[] Scales =
        [(" dozen", 12), (" hundred", 100), (" thousand", 1_000), (" million", 1_000_000), (" billion", 1_000_000_000), (" trillion", 1_000_000_000_000), ("k", 1_000), ("M", 1_000_000), ("bn", 1_000_000_000), ("B", 1_000_000_000)];

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Currencies =
        new[] { "EUR", "USD", "GBP", "CHF", "JPY", "CNY", "INR", "AUD", "CAD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "TRY", "BRL", "MXN", "ZAR", "SGD", "HKD", "KRW" }.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

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
            if (scanner.StartsNumber()) found.AddRange(scanner.ReadNumbers());
            else scanner.SkipWordOrCharacter();
        }

        return found;
    }

    // The point of "Rs.500" is none of a decimal.
    private bool StartsNumber() => char.IsAsciiDigit(At(0)) || (At(0) == '.' && char.IsAsciiDigit(At(1)) && !char.IsLetter(At(-1)));

    private void SkipWordOrCharacter()
    {
        if (AtCurrency())
        {
            index += 3;
            return;
        }

        bool isWord = char.IsLetter(At(0)) || At(0) == '_';
        index++;
        while (isWord && (char.IsLetterOrDigit(At(0)) || At(0) == '_' || (At(0) == '^' && char.IsAsciiDigit(At(1))))) index++;
    }

    /// <summary>Whether a currency's code and digits behind it stand here: <c>EUR500</c>.</summary>
    private bool AtCurrency() => char.IsAsciiDigit(At(3)) && !char.IsLetter(At(-1)) && Currencies.Contains(text.AsSpan(index, 3));

    /// <summary>One number, or those of a list without spaces: <c>1,2,3</c>, <c>(3,4)</c>.</summary>
    private IReadOnlyList<FoundNumber> ReadNumbers()
    {
        int start = index;
        string sign = IsNegative() ? "-" : "";
        string run = ReadRun();
        var (usual, other) = IsPair(start, run) ? default : WrittenNumber.Read(run);
        if (usual is not null) return [ReadOn(start, sign, run, usual, other)];
        string[] items = run.Split(',');
        bool isList = items.Length > 1 && Array.TrueForAll(items, item => WrittenNumber.Read(item).Usual is not null);
        return isList ? [.. items.Select((item, at) => new FoundNumber(start, Canonical((at == 0 ? sign : "") + WrittenNumber.Read(item).Usual)))] : [new FoundNumber(start, null)];
    }

    /// <summary>Whether two whole numbers stand in brackets, and not one with a decimal comma or a separator of thousands.</summary>
    private bool IsPair(int start, string run) =>
        (BeforeSign(start), At(0)) is ('(', ')') or ('[', ']') && run.Split(',') is [var x, var y] && y.Length != 3 && $"{x}{y}".All(char.IsAsciiDigit);

    private char BeforeSign(int start)
    {
        var before = text.AsSpan(0, start).TrimEnd("-−");
        return before.IsEmpty ? '\0' : before[^1];
    }

    private FoundNumber ReadOn(int start, string sign, string run, string usual, string? other)
    {
        bool isPlain = run.Length <= 9 && run.All(char.IsAsciiDigit);
        if (isPlain && run.Length <= 2 && ReadTime(run) is { } time) return new FoundNumber(start, sign + time.Form, sign + time.Hour);
        string exponent = ReadExponent();
        var value = isPlain && exponent.Length == 0 ? ReadFraction(usual) : null;
        var scale = ReadScale();
        if (GoesOn()) return new FoundNumber(start, null);
        if (value is null && scale == 1) return new FoundNumber(start, Canonical(sign + usual + exponent), [.. Parts(run), .. other is null ? [] : (string[])[Canonical(sign + other + exponent)]]);
        value = exponent.Length == 0 ? value ?? Rational.Parse(usual) : null;
        return new FoundNumber(start, value is { } exact ? (Rational.Of(sign.Length > 0 ? -scale : scale) * exact).DecimalForm() : null, [.. scale == 1 ? [] : (string[])[Canonical(sign + usual)]]);
    }

    private static IEnumerable<string> Parts(string run) =>
        run.Contains(' ', StringComparison.Ordinal) ? run.Split(' ').Select(part => WrittenNumber.Read(part).Usual).OfType<string>().Select(Canonical) : [];

    /// <summary>Whether a minus sign, and not an operator or a dash between numbers, stands before the number or its currency; or the word.</summary>
    private bool IsNegative()
    {
        var before = text.AsSpan(0, index);
        if (before is [.., '$' or '€' or '£' or '¥']) before = before[..^1];
        if (before is [.. var rest, '-' or '−']) return rest.IsEmpty || !(char.IsLetterOrDigit(rest[^1]) || rest[^1] is ')' or '}');
        before = before.TrimEnd();
        return before.EndsWith("minus", StringComparison.OrdinalIgnoreCase) || before.EndsWith("negative", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Digits with what separates them. A space does only between groups of three.</summary>
    private string ReadRun()
    {
        int start = index;
        index += DigitsAt(0);
        bool isGrouped = index - start is >= 1 and <= 3 && text[start] != '0';
        while (true)
        {
            char c = At(0);
            bool isSpace = c is ' ' or '\u00A0' or '\u2009' or '\u202F';
            if (isSpace ? !isGrouped || DigitsAt(1) != 3 || At(4) == '/' : c is not ('.' or ',' or '\'' or '’' or '_') || DigitsAt(1) == 0) break;
            isGrouped &= isSpace;
            index += 1 + DigitsAt(1);
        }

        return text[start..index].Replace('\u00A0', ' ').Replace('\u2009', ' ').Replace('\u202F', ' ');
    }

    private string ReadExponent()
    {
        int start = index, sign = At(1) is '+' or '-' ? 1 : 0;
        if (At(0) is 'e' or 'E' && DigitsAt(1 + sign) is var power and > 0 and <= 3) index += 1 + sign + power;
        return text[start..index];
    }

    /// <summary>A time of day, in which <c>2:00</c> is 2 and <c>2:00 pm</c> is 2 pm, and its hour; <c>null</c> where there is none.</summary>
    private (string Form, string Hour)? ReadTime(string hours)
    {
        bool isClock = At(0) == ':' && DigitsAt(1) == 2;
        string minutes = isClock ? text.Substring(index + 1, 2) : "00";
        int at = (isClock ? 3 : 0) is var end && At(end) == ' ' ? end + 1 : end;
        int m = At(at + 1) == '.' ? at + 2 : at + 1;
        bool isHalf = char.ToLowerInvariant(At(at)) is 'a' or 'p' && char.ToLowerInvariant(At(m)) == 'm' && !char.IsLetterOrDigit(At(m + 1));
        if (!isClock && !isHalf) return null;
        string half = isHalf ? $"{char.ToLowerInvariant(At(at))}m" : "";
        index += isHalf ? m + 1 : end;
        string hour = Canonical(hours);
        return (minutes == "00" ? hour + half : $"{hour}:{minutes}{half}", hour);
    }

    /// <summary><c>1/2</c> divides; <c>3 1/2</c> adds. <c>null</c> where there is no fraction.</summary>
    private Rational? ReadFraction(string whole)
    {
        var number = Rational.Parse(whole)!.Value;
        int start = index;
        if (At(0) == '/' && ReadDigits(1) is { } divisor && divisor.Value > 0) return number / divisor;
        index = start;
        if (At(0) == ' ' && ReadDigits(1) is { } top && At(0) == '/' && ReadDigits(1) is { } bottom && top.Value < bottom.Value) return number + (top / bottom);
        index = start;
        return null;
    }

    private long ReadScale()
    {
        long scale = 1;
        while (Array.Find(Scales, IsNext) is { Word: { } word, Scale: var times } && scale < 1_000_000)
        {
            scale *= times;
            index += word.Length;
            if (word[0] == ' ' && At(0) == 's' && !char.IsLetterOrDigit(At(1))) index++;
        }

        return scale;
    }

    private bool IsNext((string Word, long Scale) scale)
    {
        var comparison = scale.Word is "M" or "B" ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        return text.AsSpan(index).StartsWith(scale.Word, comparison) && (!char.IsLetterOrDigit(At(scale.Word.Length)) || (scale.Word[0] == ' ' && At(scale.Word.Length) == 's'));
    }

    /// <summary>Whether what was read is only the beginning of something else: a power, a date, <c>12h30</c>, <c>0x1F</c>, <c>3½</c>.</summary>
    private bool GoesOn()
    {
        if (At(0) == '^' || (At(0) == '/' && char.IsAsciiDigit(At(1))) || char.GetUnicodeCategory(At(0)) == UnicodeCategory.OtherNumber) return true;
        int letters = 0;
        while (char.IsLetter(At(letters))) letters++;
        return letters > 0 && char.IsAsciiDigit(At(letters));
    }

    private Rational? ReadDigits(int offset)
    {
        int digits = DigitsAt(offset);
        if (digits is 0 or > 9) return null;
        var number = Rational.Parse(text.Substring(index + offset, digits));
        index += offset + digits;
        return number;
    }

    private static string Canonical(string number) => JsonAnswer.CanonicalNumber(number);

    private int DigitsAt(int offset)
    {
        int end = index + offset;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return Math.Max(0, end - index - offset);
    }

    private char At(int offset) => index + offset < text.Length && index + offset >= 0 ? text[index + offset] : '\0';
}
