using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Methods;

/// <summary>The methods of lists and tuples. Those that change a list exist only for lenient templates.</summary>
internal static class ListMethods
{
    private static readonly FunctionTable Reading = new(
        new("index", "value", (context, bound) => Index(context, bound)),
        new("count", "value", (context, bound) => IntValue.Of(bound.Self.Iterate().Count(item => Comparison.AreEqual(item, bound[0], context.Budget)))),
        new("copy", "", (context, bound) => context.List([.. bound.Self.Iterate()])));

    private static readonly FunctionTable Changing = new(
        new("append", "object", (_, bound) => Do(() => Items(bound).Add(bound[0]))),
        new("extend", "iterable", (context, bound) => Do(() => Items(bound).AddRange(context.ItemsOf(bound[0])))),
        new("insert", "index object", (_, bound) => Do(() => Items(bound).Insert(Place(bound), bound[1]))),
        new("reverse", "", (_, bound) => Do(Items(bound).Reverse)),
        new("clear", "", (_, bound) => Do(Items(bound).Clear)),
        new("pop", "index?", (_, bound) => Pop(bound)));

    public static Value? Of(ListValue list, string name, RenderContext context)
    {
        if (Reading.Bind(list, name) is { } reading) return reading;
        if (context.Settings.Lenient && Changing.Bind(list, name) is { } changing) return changing;
        return name is "sort" or "remove" || Changing.Find(name) is not null ? UndefinedValue.Unsafe(name, list) : null;
    }

    public static Value? OfTuple(TupleValue tuple, string name) => name is "index" or "count" ? Reading.Bind(tuple, name) : null;

    private static List<Value> Items(Bound bound) => ((ListValue)bound.Self).Items;

    private static NoneValue Do(Action change)
    {
        change();
        return NoneValue.Instance;
    }

    private static IntValue Index(RenderContext context, Bound bound)
    {
        int at = 0;
        foreach (var item in bound.Self.Iterate())
        {
            if (Comparison.AreEqual(item, bound[0], context.Budget)) return IntValue.Of(at);
            at++;
        }

        throw TemplateException.Other($"{context.ReprOf(bound[0])} is not in {bound.Self.TypeName}");
    }

    private static int Place(Bound bound)
    {
        int at = bound.Number(0), count = Items(bound).Count;
        return Math.Clamp(at < 0 ? at + count : at, 0, count);
    }

    private static Value Pop(Bound bound)
    {
        var items = Items(bound);
        int at = bound.Number(0, -1);
        if (at < 0) at += items.Count;
        if (at < 0 || at >= items.Count) throw TemplateException.Other(items.Count == 0 ? "pop from empty list" : "pop index out of range");
        var item = items[at];
        items.RemoveAt(at);
        return item;
    }
}
