using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Methods;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary><c>wordwrap</c>: lines of at most so many characters, broken at blanks, and within words that are longer.</summary>
internal static class WordWrap
{
    public static StringValue Filter(RenderContext context, Bound bound)
    {
        var text = TextFilters.Required(context, bound);
        int width = Math.Max(bound.Number(0, 79), 1);
        string newLine = bound.Text(2, "\n");
        var lines = Splitting.Lines(text.Text).SelectMany(line => Wrap(line, width, bound.Flag(1, true)));
        return context.String(string.Join(newLine, lines));
    }

    private static List<string> Wrap(string line, int width, bool breakLongWords)
    {
        var lines = new List<string>();
        string current = "";
        foreach (string word in line.Split(' '))
        {
            string rest = word;
            if (current.Length > 0 && current.Length + 1 + rest.Length <= width)
            {
                current += " " + rest;
                continue;
            }

            if (current.Length > 0) lines.Add(current.TrimEnd(' '));
            for (; breakLongWords && rest.Length > width; rest = rest[width..]) lines.Add(rest[..width]);
            current = rest;
        }

        lines.Add(current.TrimEnd(' '));
        return lines;
    }
}
