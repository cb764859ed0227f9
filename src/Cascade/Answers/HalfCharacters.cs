namespace Countersign.Cascade.Answers;

/// <summary>Halves of surrogate pairs, which are no text: whoever reads one as text throws. In JSON they stand as escapes too: <see cref="Countersign.Protocol.Wire.Json.JsonText"/>.</summary>
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
}
