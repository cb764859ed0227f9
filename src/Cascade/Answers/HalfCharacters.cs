using System.Globalization;

namespace Countersign.Cascade.Answers;

/// <summary>Halves of surrogate pairs, which are no text: whoever reads one as text throws.</summary>
internal static class HalfCharacters
{
    /// <summary>What is said of a text that holds one.</summary>
    public const string Objection = "A text holds half a character.";

    /// <summary>Whether a text does.</summary>
    public static bool In(ReadOnlySpan<char> text)
    {
        for (int index = text.IndexOfAnyInRange('\uD800', '\uDFFF'); index >= 0 && index < text.Length; index++)
        {
            if (index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1])) index++;
            else if (char.IsSurrogate(text[index])) return true;
        }

        return false;
    }

    /// <summary>Whether JSON writes one as an escape: <c>"\ud83d"</c> without its partner.</summary>
    public static bool InJson(ReadOnlySpan<char> json)
    {
        for (int index = json.IndexOf('\\'); index >= 0 && index + 1 < json.Length;)
        {
            char unit = EscapeAt(json, index);
            bool isPair = char.IsHighSurrogate(unit) && char.IsLowSurrogate(EscapeAt(json, index + 6));
            if (char.IsSurrogate(unit) && !isPair) return true;
            int behind = index + (isPair ? 12 : 2);
            index = json[behind..].IndexOf('\\') is var next and >= 0 ? behind + next : -1;
        }

        return false;
    }

    private static char EscapeAt(ReadOnlySpan<char> json, int index)
    {
        bool isEscape = index + 6 <= json.Length && json[index] == '\\' && json[index + 1] == 'u';
        return isEscape && ushort.TryParse(json.Slice(index + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit) ? (char)unit : '\0';
    }
}
