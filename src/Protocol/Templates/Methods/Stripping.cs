using Countersign.Protocol.Templates.Lexing;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Methods;

/// <summary><c>strip</c> and its like: a set of characters, or white space.</summary>
internal static class Stripping
{
    public static string Both(string text, string? characters) => Right(Left(text, characters), characters);

    public static string Left(string text, string? characters)
    {
        if (characters is null) return text[PythonSpace.Skip(text, 0)..];
        int at = 0;
        while (at < text.Length && Holds(characters, text.AsSpan(at, CodePoints.Width(text, at)))) at += CodePoints.Width(text, at);
        return text[at..];
    }

    public static string Right(string text, string? characters)
    {
        if (characters is null) return PythonSpace.TrimEnd(text).ToString();
        int end = text.Length;
        while (end > 0 && Holds(characters, text.AsSpan(end - WidthBefore(text, end), WidthBefore(text, end)))) end -= WidthBefore(text, end);
        return text[..end];
    }

    private static bool Holds(string characters, ReadOnlySpan<char> point) => characters.AsSpan().IndexOf(point) >= 0;

    private static int WidthBefore(string text, int end) => end > 1 && char.IsSurrogatePair(text[end - 2], text[end - 1]) ? 2 : 1;
}
