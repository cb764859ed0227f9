using System.Globalization;
using System.Text;

namespace Countersign.Protocol.Templates.Methods;

/// <summary>Questions about all characters of a text; false of an empty one.</summary>
internal static class CharacterTests
{
    public static bool IsDecimal(string text) => All(text, rune => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber);

    /// <summary>Superscripts count as digits.</summary>
    public static bool IsDigit(string text) => All(text, rune => CharUnicodeInfo.GetDigitValue(rune.ToString(), 0) >= 0);

    /// <summary>Fractions and number letters count too.</summary>
    public static bool IsNumeric(string text) => All(text, rune => Rune.GetNumericValue(rune) >= 0);

    public static bool IsAlpha(string text) => All(text, Rune.IsLetter);

    public static bool IsAlphanumeric(string text) => All(text, rune => Rune.IsLetter(rune) || Rune.GetNumericValue(rune) >= 0);

    private static bool All(string text, Func<Rune, bool> holds)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!holds(rune)) return false;
        }

        return text.Length > 0;
    }
}
