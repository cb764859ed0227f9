namespace Countersign.Protocol.Templates.Lexing;

/// <summary>What Python takes for white space: the same as .NET, and the four separators U+001C to U+001F.</summary>
internal static class PythonSpace
{
    public static bool Is(char character) => char.IsWhiteSpace(character) || character is >= '\x1c' and <= '\x1f';

    public static int Skip(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && Is(text[at])) at++;
        return at;
    }

    public static ReadOnlySpan<char> TrimEnd(ReadOnlySpan<char> text)
    {
        int end = text.Length;
        while (end > 0 && Is(text[end - 1])) end--;
        return text[..end];
    }

    public static ReadOnlySpan<char> Trim(ReadOnlySpan<char> text) => TrimEnd(text[Skip(text, 0)..]);
}
