using Countersign.Protocol.Templates.Formatting;
using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Methods;

/// <summary>The methods of texts. Those that give texts give markup where they are called on markup.</summary>
internal static class StringMethods
{
    private const int WidestField = 10_000;

    public static FunctionTable Table { get; } = new(
        Changing("upper", Letters.Upper), Changing("lower", Letters.Lower), Changing("title", Letters.Title),
        Changing("capitalize", Letters.Capitalize), Changing("swapcase", Letters.SwapCase), Changing("casefold", Letters.Fold),
        Stripping("strip", Methods.Stripping.Both), Stripping("lstrip", Methods.Stripping.Left), Stripping("rstrip", Methods.Stripping.Right),
        new("removeprefix", "prefix", (context, bound) => Result(context, bound, WithoutPrefix(bound.Subject, bound.Text(0)))),
        new("removesuffix", "suffix", (context, bound) => Result(context, bound, WithoutSuffix(bound.Subject, bound.Text(0)))),
        new("replace", "old new count?", Replace),
        new("split", "sep? maxsplit?", (context, bound) => Split(context, bound, Splitting.Words, Splitting.By)),
        new("rsplit", "sep? maxsplit?", (context, bound) => Split(context, bound, Splitting.WordsFromRight, Splitting.ByFromRight)),
        new("splitlines", "keepends?", (context, bound) => Texts(context, bound, Splitting.Lines(bound.Subject, bound.Flag(0)))),
        new("partition", "sep", (context, bound) => Partition(context, bound, bound.Subject.IndexOf(Separator(bound), StringComparison.Ordinal), fromRight: false)),
        new("rpartition", "sep", (context, bound) => Partition(context, bound, bound.Subject.LastIndexOf(Separator(bound), StringComparison.Ordinal), fromRight: true)),
        new("join", "iterable", Join),
        new("format", "*", (context, bound) => BraceFormat.Apply(context, (StringValue)bound.Self, bound.All)),
        new("startswith", "prefix start? end?", (context, bound) => Searching.StartsOrEnds(context, bound, (text, part) => text.StartsWith(part, StringComparison.Ordinal))),
        new("endswith", "suffix start? end?", (context, bound) => Searching.StartsOrEnds(context, bound, (text, part) => text.EndsWith(part, StringComparison.Ordinal))),
        new("find", "sub start? end?", (_, bound) => IntValue.Of(Searching.Find(bound, fromRight: false))),
        new("rfind", "sub start? end?", (_, bound) => IntValue.Of(Searching.Find(bound, fromRight: true))),
        new("index", "sub start? end?", (_, bound) => Searching.Index(bound, fromRight: false)),
        new("rindex", "sub start? end?", (_, bound) => Searching.Index(bound, fromRight: true)),
        new("count", "sub start? end?", (_, bound) => IntValue.Of(Searching.Count(bound))),
        Padded("ljust", Padding.Left), Padded("rjust", Padding.Right), Padded("center", Padding.Center),
        new("zfill", "width", (context, bound) => Result(context, bound, Padding.Zeros(bound.Subject, Width(bound)))),
        new("expandtabs", "tabsize?", ExpandTabs),
        Asking("isdigit", CharacterTests.IsDigit), Asking("isnumeric", CharacterTests.IsNumeric), Asking("isdecimal", CharacterTests.IsDecimal),
        Asking("isalpha", CharacterTests.IsAlpha), Asking("isalnum", CharacterTests.IsAlphanumeric), Asking("isascii", text => text.All(char.IsAscii)),
        Asking("isspace", Letters.IsSpace), Asking("isupper", Letters.IsUpper), Asking("islower", Letters.IsLower),
        new("encode", "encoding? errors?", (_, bound) => new BytesValue(bound.Subject)));

    private static StringValue Result(RenderContext context, Bound bound, string text) => context.String(text, IsMarkup(bound));

    private static bool IsMarkup(Bound bound) => ((StringValue)bound.Self).IsMarkup;

    private static Function Changing(string name, Func<string, string> change) =>
        new(name, "", (context, bound) => Result(context, bound, change(bound.Subject)));

    private static Function Stripping(string name, Func<string, string?, string> strip) =>
        new(name, "chars?", (context, bound) => Result(context, bound, strip(bound.Subject, bound.Has(0) ? bound.Text(0) : null)));

    private static Function Padded(string name, Func<string, int, char, string> pad) => new(name, "width fillchar?", (context, bound) =>
    {
        string fill = bound.Text(1, " ");
        if (fill.Length != 1) throw TemplateException.Type("The fill character must be exactly one character long");
        return Result(context, bound, pad(bound.Subject, Width(bound), fill[0]));
    });

    private static Function Asking(string name, Func<string, bool> holds) => new(name, "", (_, bound) => BoolValue.Of(holds(bound.Subject)));

    private static int Width(Bound bound) => Math.Min(bound.Number(0), WidestField);

    private static string Separator(Bound bound) => bound.Text(0) is { Length: > 0 } separator ? separator : throw TemplateException.Other("empty separator");

    private static string WithoutPrefix(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;

    private static string WithoutSuffix(string text, string suffix) => text.EndsWith(suffix, StringComparison.Ordinal) ? text[..^suffix.Length] : text;

    private static StringValue Replace(RenderContext context, Bound bound)
    {
        string old = bound.Text(0), with = bound.Text(1);
        if (IsMarkup(bound)) with = Markup.Escape(context, bound[1]);
        return new StringValue(Replacing.Replace(context, bound.Subject, old, with, bound.Number(2, -1)), IsMarkup(bound));
    }

    private static ListValue Split(RenderContext context, Bound bound, Func<string, int, List<string>> words, Func<string, string, int, List<string>> by)
    {
        int splits = bound.Number(1, -1);
        return Texts(context, bound, bound.Has(0) ? by(bound.Subject, bound.Text(0), splits) : words(bound.Subject, splits));
    }

    private static ListValue Texts(RenderContext context, Bound bound, IReadOnlyList<string> texts)
    {
        context.Budget.Text(bound.Subject.Length);
        return context.List([.. texts.Select(text => new StringValue(text, IsMarkup(bound)))]);
    }

    private static TupleValue Partition(RenderContext context, Bound bound, int at, bool fromRight)
    {
        string text = bound.Subject, separator = bound.Text(0);
        string[] parts = at >= 0 ? [text[..at], separator, text[(at + separator.Length)..]] : fromRight ? ["", "", text] : [text, "", ""];
        return new TupleValue([.. parts.Select(part => Result(context, bound, part))]);
    }

    private static StringValue Join(RenderContext context, Bound bound)
    {
        var items = context.ItemsOf(bound[0]);
        int wrong = items.FindIndex(item => item is not StringValue);
        if (wrong >= 0 && !IsMarkup(bound)) throw TemplateException.Type($"sequence item {wrong}: expected str instance, {items[wrong].TypeName} found");
        return Joining.Join(context, bound.Subject, items.Select(item => IsMarkup(bound) ? Markup.Escape(context, item) : context.TextOf(item)), IsMarkup(bound));
    }

    private static StringValue ExpandTabs(RenderContext context, Bound bound)
    {
        int size = Math.Clamp(bound.Number(0, 8), 0, 100);
        context.Budget.Text((long)bound.Subject.Length + ((long)size * bound.Subject.AsSpan().Count('\t')));
        return Result(context, bound, Padding.ExpandTabs(bound.Subject, size));
    }
}
