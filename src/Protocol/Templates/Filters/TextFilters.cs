using System.Text;
using Countersign.Protocol.Templates.Formatting;
using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Lexing;
using Countersign.Protocol.Templates.Methods;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary>Filters that make texts. They take any value and use its text; markup stays markup.</summary>
internal static class TextFilters
{
    private const int WidestField = 10_000;

    public static Function[] All { get; } =
    [
        new("string", "", (context, bound) => Soft(context, bound.Self)),
        new("upper", "", (context, bound) => Change(context, bound.Self, Letters.Upper)),
        new("lower", "", (context, bound) => Change(context, bound.Self, Letters.Lower)),
        new("capitalize", "", (context, bound) => Change(context, bound.Self, Letters.Capitalize)),
        new("title", "", (context, bound) => Change(context, bound.Self, TitleOfWords)),
        new("trim", "chars?", (context, bound) => Change(context, bound.Self, text => Stripping.Both(text, Characters(bound, 0)))),
        new("replace", "old new count?", Replace),
        new("indent", "width? first? blank?", Indent),
        new("center", "width?", Center),
        new("format", "*", Format),
        new("truncate", "length? killwords? end? leeway?", Truncate),
        new("wordcount", "", (context, bound) => IntValue.Of(WordCount(context.TextOf(bound.Self)))),
        new("wordwrap", "width? break_long_words? wrapstring? break_on_hyphens?", WordWrap.Filter),
    ];

    /// <summary>The value's text, or the value itself where it is one.</summary>
    public static StringValue Soft(RenderContext context, Value value) => value as StringValue ?? new StringValue(context.TextOf(value));

    /// <summary>The value, which must be a text.</summary>
    public static StringValue Required(RenderContext context, Bound bound) => bound.Self switch
    {
        StringValue text => text,
        UndefinedValue undefined => throw undefined.Error(context),
        _ => throw TemplateException.Type($"{bound.Function} takes a text, not '{bound.Self.TypeName}'"),
    };

    private static StringValue Change(RenderContext context, Value value, Func<string, string> change)
    {
        var text = Soft(context, value);
        return context.String(change(text.Text), text.IsMarkup);
    }

    private static string? Characters(Bound bound, int parameter) => bound.Has(parameter) ? bound.Text(parameter) : null;

    private static StringValue Replace(RenderContext context, Bound bound)
    {
        string text = context.TextOf(bound.Self), old = context.TextOf(bound[0]), with = context.TextOf(bound[1]);
        return new StringValue(Replacing.Replace(context, text, old, with, bound.Number(2, -1)));
    }

    private static string TitleOfWords(string text)
    {
        var result = new StringBuilder(text.Length);
        for (int at = 0; at < text.Length;)
        {
            int end = at;
            while (end < text.Length && IsGap(text[end]) == IsGap(text[at])) end++;
            result.Append(Letters.Capitalize(text[at..end]));
            at = end;
        }

        return result.ToString();
    }

    private static bool IsGap(char letter) => letter is '-' or '(' or '{' or '[' or '<' || PythonSpace.Is(letter);

    /// <summary>Runs of letters, digits and underscores.</summary>
    private static int WordCount(string text) =>
        text.Where((letter, at) => IsWordPart(letter) && (at == 0 || !IsWordPart(text[at - 1]))).Count();

    private static bool IsWordPart(char letter) => letter == '_' || char.IsLetterOrDigit(letter);

    private static StringValue Indent(RenderContext context, Bound bound)
    {
        var text = Required(context, bound);
        string indent = bound[0] is StringValue given ? given.Text : new string(' ', Math.Clamp(bound.Number(0, 4), 0, WidestField));
        string[] lines = Splitting.Lines(text.Text + "\n");
        context.Budget.Text(text.Text.Length + ((long)lines.Length * indent.Length));
        var result = new StringBuilder(lines[0]);
        foreach (string line in lines.Skip(1)) result.Append('\n').Append(line.Length > 0 || bound.Flag(2) ? indent : "").Append(line);
        if (bound.Flag(1)) result.Insert(0, indent);
        return new StringValue(result.ToString(), text.IsMarkup);
    }

    private static StringValue Center(RenderContext context, Bound bound)
    {
        var text = Soft(context, bound.Self);
        return context.String(Padding.Center(text.Text, Math.Min(bound.Number(0, 80), WidestField), ' '), text.IsMarkup);
    }

    private static StringValue Format(RenderContext context, Bound bound)
    {
        var text = Soft(context, bound.Self);
        if (bound.All is { Positional.Length: > 0, Named.Length: > 0 }) throw TemplateException.Type("can't handle positional and keyword arguments at the same time");
        if (bound.All.Named.Length == 0) return PercentFormat.Apply(context, text, new TupleValue([.. bound.All.Positional]));
        var named = new DictValue();
        foreach (var (name, value) in bound.All.Named) named.Set(name, value);
        return PercentFormat.Apply(context, text, named);
    }

    private static StringValue Truncate(RenderContext context, Bound bound)
    {
        var text = Required(context, bound);
        int length = bound.Number(0, 255), leeway = bound.Number(3, 5);
        string end = bound.Text(2, "...");
        if (length < end.Length || leeway < 0) throw TemplateException.Other($"expected length >= {end.Length}, got {length}");
        if (CodePoints.Count(text.Text) <= length + leeway) return text;
        string cut = text.Text[..CodePoints.Offset(text.Text, length - CodePoints.Count(end))];
        if (!bound.Flag(1) && cut.LastIndexOf(' ') is var blank && blank >= 0) cut = cut[..blank];
        return new StringValue(cut + end, text.IsMarkup);
    }
}
