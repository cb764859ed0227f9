using System.Text;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Methods;

/// <summary>Texts brought to a width. The caller bounds it.</summary>
internal static class Padding
{
    public static string Left(string text, int width, char fill) => text + Fill(text, width, fill);

    public static string Right(string text, int width, char fill) => Fill(text, width, fill) + text;

    /// <summary>The odd blank stands at the left where the width is odd, as in Python.</summary>
    public static string Center(string text, int width, char fill)
    {
        int missing = width - CodePoints.Count(text);
        if (missing <= 0) return text;
        int left = (missing / 2) + (missing & width & 1);
        return new string(fill, left) + text + new string(fill, missing - left);
    }

    public static string Zeros(string text, int width)
    {
        bool isSigned = text.StartsWith('-') || text.StartsWith('+');
        return isSigned ? text[0] + Right(text[1..], width - 1, '0') : Right(text, width, '0');
    }

    public static string ExpandTabs(string text, int size)
    {
        var result = new StringBuilder();
        int column = 0;
        foreach (char letter in text)
        {
            int width = letter == '\t' ? (size > 0 ? size - (column % size) : 0) : 1;
            result.Append(letter == '\t' ? new string(' ', width) : letter.ToString());
            column = letter is '\n' or '\r' ? 0 : column + width;
        }

        return result.ToString();
    }

    private static string Fill(string text, int width, char fill) => new(fill, Math.Max(0, width - CodePoints.Count(text)));
}
