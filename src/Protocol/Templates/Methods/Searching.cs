using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Methods;

/// <summary>Methods that look for a text in another, within optional bounds given in code points.</summary>
internal static class Searching
{
    public static BoolValue StartsOrEnds(RenderContext context, Bound bound, Func<string, string, bool> holds)
    {
        var (text, _) = Window(bound);
        if (bound[0] is not TupleValue choices) return BoolValue.Of(text is not null && holds(text, bound.Text(0)));
        bool any = choices.Items.Any(choice => text is not null && holds(text, choice is StringValue
            ? context.TextOf(choice)
            : throw TemplateException.Type($"tuple for {bound.Function} must only contain str, not {choice.TypeName}")));
        return BoolValue.Of(any);
    }

    /// <summary>The code point's index, or -1.</summary>
    public static int Find(Bound bound, bool fromRight)
    {
        string part = bound.Text(0);
        var (text, start) = Window(bound);
        if (text is null) return -1;
        int at = fromRight ? text.LastIndexOf(part, StringComparison.Ordinal) : text.IndexOf(part, StringComparison.Ordinal);
        return at < 0 ? -1 : start + CodePoints.Index(text, at);
    }

    public static IntValue Index(Bound bound, bool fromRight) =>
        Find(bound, fromRight) is var at && at >= 0 ? IntValue.Of(at) : throw TemplateException.Other("substring not found");

    public static int Count(Bound bound)
    {
        string part = bound.Text(0);
        var (text, _) = Window(bound);
        return text is null ? 0 : part.Length == 0 ? CodePoints.Count(text) + 1 : text.AsSpan().Count(part);
    }

    /// <summary>The part between the bounds and where it begins; no text where the start lies behind the end.</summary>
    private static (string? Text, int Start) Window(Bound bound)
    {
        string text = bound.Subject;
        if (!bound.Has(1) && !bound.Has(2)) return (text, 0);
        int length = CodePoints.Count(text);
        int start = Place(bound.Number(1, 0), length), end = Math.Min(Place(bound.Number(2, length), length), length);
        return start > end ? (null, start) : (text[CodePoints.Offset(text, start)..CodePoints.Offset(text, end)], start);
    }

    private static int Place(int bound, int length) => bound < 0 ? Math.Max(0, bound + length) : bound;
}
