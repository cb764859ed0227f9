using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary>Filters about a value as a whole.</summary>
internal static class ValueFilters
{
    public static Function[] All { get; } =
    [
        new("default", "default_value? boolean?", (_, bound) => Default(bound)),
        new("d", "default_value? boolean?", (_, bound) => Default(bound)),
        new("length", "", (_, bound) => Length(bound.Self)),
        new("count", "", (_, bound) => Length(bound.Self)),
        new("items", "", (context, bound) => Items(bound.Self)),
        new("dictsort", "case_sensitive? by? reverse?", DictSort),
        new("attr", "name", (context, bound) => Attribute(context, bound)),
        new("pprint", "verbose?", (context, bound) => new StringValue(context.ReprOf(bound.Self))),
    ];

    private static Value Default(Bound bound)
    {
        bool replaces = bound.Self is UndefinedValue || (bound.Flag(1) && !bound.Self.IsTrue);
        return replaces ? bound.Values[0] ?? StringValue.Empty : bound.Self;
    }

    private static IntValue Length(Value value) =>
        value.Length is { } length ? IntValue.Of(length) : throw TemplateException.Type($"object of type '{value.TypeName}' has no len()");

    private static LazyValue Items(Value value) => value switch
    {
        UndefinedValue => new LazyValue([]),
        DictValue dict => new LazyValue(dict.Entries.Select(DictViewValue.Pair)),
        _ => throw TemplateException.Type("Can only get item pairs from a mapping."),
    };

    private static ListValue DictSort(RenderContext context, Bound bound)
    {
        if (bound.Self is UndefinedValue undefined) throw undefined.Error(context);
        if (bound.Self is not DictValue dict) throw TemplateException.Type($"dictsort takes a dict, not '{bound.Self.TypeName}'");
        string by = bound.Text(1, "key");
        if (by is not ("key" or "value")) throw TemplateException.Other("You can only sort by either \"key\" or \"value\"");
        var pairs = dict.Entries.Select(DictViewValue.Pair).ToList();
        var sorted = Sorting.Sort(context, pairs, pair => ((TupleValue)pair).Items[by == "key" ? 0 : 1], bound.Flag(0), bound.Flag(2));
        return context.List(sorted);
    }

    private static Value Attribute(RenderContext context, Bound bound)
    {
        string name = context.TextOf(bound[0]);
        return bound.Self.Attribute(name, context) ?? UndefinedValue.Missing(bound.Self, new StringValue(name));
    }
}
