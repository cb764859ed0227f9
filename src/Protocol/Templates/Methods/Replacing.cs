using System.Text;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Methods;

/// <summary><c>replace</c>.</summary>
internal static class Replacing
{
    /// <summary>The first <paramref name="count"/> places (-1: all) of <paramref name="old"/>; an empty one stands before every character and at the end.</summary>
    public static string Replace(RenderContext context, string text, string old, string with, int count)
    {
        int places = old.Length == 0 ? CodePoints.Count(text) + 1 : text.AsSpan().Count(old);
        if (count >= 0) places = Math.Min(places, count);
        if (places == 0) return text;
        context.Budget.Text(text.Length + (places * (long)Math.Max(0, with.Length - old.Length)));
        return old.Length == 0 ? Between(text, with, places) : places == count ? First(text, old, with, places) : text.Replace(old, with);
    }

    private static string Between(string text, string with, int places)
    {
        var result = new StringBuilder();
        foreach (string point in CodePoints.Split(text))
        {
            if (places-- > 0) result.Append(with);
            result.Append(point);
        }

        return (places > 0 ? result.Append(with) : result).ToString();
    }

    private static string First(string text, string old, string with, int places)
    {
        var result = new StringBuilder();
        int at = 0;
        for (; places > 0; places--)
        {
            int found = text.IndexOf(old, at, StringComparison.Ordinal);
            result.Append(text, at, found - at).Append(with);
            at = found + old.Length;
        }

        return result.Append(text, at, text.Length - at).ToString();
    }
}
