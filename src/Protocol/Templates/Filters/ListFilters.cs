using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Methods;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary>Filters about sequences.</summary>
internal static class ListFilters
{
    public static Function[] All { get; } =
    [
        new("list", "", (context, bound) => new ListValue(context.ItemsOf(bound.Self))),
        new("first", "", (context, bound) => bound.Self.Iterate().FirstOrDefault() ?? UndefinedValue.Because("No first item, sequence was empty.")),
        new("last", "", (context, bound) => Reversed(context, bound.Self).FirstOrDefault() ?? UndefinedValue.Because("No last item, sequence was empty.")),
        // The first, so that the same conversation always gives the same prompt.
        new("random", "", (context, bound) => bound.Self.Iterate().FirstOrDefault() ?? UndefinedValue.Because("No random item, sequence was empty.")),
        new("join", "d? attribute?", Join),
        new("reverse", "", Reverse),
        new("sort", "reverse? case_sensitive? attribute?", Sort),
        new("unique", "case_sensitive? attribute?", (context, bound) => new LazyValue(Unique(context, bound))),
        new("min", "case_sensitive? attribute?", (context, bound) => Extreme(context, bound, isMax: false)),
        new("max", "case_sensitive? attribute?", (context, bound) => Extreme(context, bound, isMax: true)),
        new("batch", "linecount fill_with?", (context, bound) => new LazyValue(Grouping.Batch(context, bound))),
        new("slice", "slices fill_with?", (context, bound) => new LazyValue(Grouping.Slice(context, bound))),
        new("groupby", "attribute default? case_sensitive?", Grouping.GroupBy),
    ];

    private static StringValue Join(RenderContext context, Bound bound)
    {
        string separator = bound.Has(0) ? context.TextOf(bound[0]) : "";
        var items = context.ItemsOf(bound.Self).Select(item => context.TextOf(bound.Has(1) ? AttributePath.Get(context, item, bound[1]) : item));
        return Joining.Join(context, separator, items);
    }

    private static Value Reverse(RenderContext context, Bound bound)
    {
        if (bound.Self is StringValue text) return context.String(string.Concat(CodePoints.Split(text.Text).Reverse()), text.IsMarkup);
        return new LazyValue(Reversed(context, bound.Self), "list_reverseiterator");
    }

    private static List<Value> Reversed(RenderContext context, Value value)
    {
        var items = context.ItemsOf(value);
        items.Reverse();
        return items;
    }

    private static ListValue Sort(RenderContext context, Bound bound)
    {
        // Keys are lists even of one value: two undefined ones are then equal, where alone they could not be compared.
        List<Value> paths = bound[2] is StringValue list ? [.. list.Text.Split(',').Select(path => new StringValue(path))] : [bound[2]];
        Value Key(Value item) => new ListValue([.. paths.Select(path => Folded(path is NoneValue ? item : AttributePath.Get(context, item, path), bound.Flag(1)))]);
        return context.List(Sorting.Sort(context, context.ItemsOf(bound.Self), Key, bound.Flag(1), bound.Flag(0)));
    }

    private static IEnumerable<Value> Unique(RenderContext context, Bound bound)
    {
        var seen = new HashSet<Value>(KeyComparer.Instance);
        foreach (var item in bound.Self.Iterate())
        {
            context.Budget.Step();
            var key = Key(context, bound, item);
            if (!KeyComparer.IsKey(key)) throw TemplateException.Type($"unhashable type: '{key.TypeName}'");
            if (seen.Add(key)) yield return item;
        }
    }

    private static Value Extreme(RenderContext context, Bound bound, bool isMax)
    {
        Value? best = null;
        foreach (var item in context.ItemsOf(bound.Self))
        {
            int order = best is null ? 0 : Comparison.Compare(context, Key(context, bound, item), Key(context, bound, best));
            if (best is null || (isMax ? order > 0 : order < 0)) best = item;
        }

        return best ?? UndefinedValue.Because("No aggregated item, sequence was empty.");
    }

    private static Value Key(RenderContext context, Bound bound, Value item) =>
        Folded(bound.Has(1) ? AttributePath.Get(context, item, bound[1]) : item, bound.Flag(0));

    private static Value Folded(Value value, bool caseSensitive) => caseSensitive ? value : Sorting.IgnoreCase(value);
}
