using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary>Filters that put items into groups.</summary>
internal static class Grouping
{
    /// <summary>Lists of a given length, the last one filled up where asked.</summary>
    public static IEnumerable<Value> Batch(RenderContext context, Bound bound)
    {
        int size = bound.Number(0);
        if (size < 1) throw TemplateException.Other("batch takes a length above zero");
        var items = context.ItemsOf(bound.Self);
        for (int at = 0; at < items.Count; at += size)
        {
            var batch = items.GetRange(at, Math.Min(size, items.Count - at));
            context.Budget.Steps(bound.Has(1) ? size : batch.Count);
            while (bound.Has(1) && batch.Count < size) batch.Add(bound[1]);
            yield return new ListValue(batch);
        }
    }

    /// <summary>A given number of lists, as even as can be.</summary>
    public static IEnumerable<Value> Slice(RenderContext context, Bound bound)
    {
        int slices = bound.Number(0);
        if (slices < 1) throw TemplateException.Other("slice takes a number above zero");
        var items = context.ItemsOf(bound.Self);
        int each = items.Count / slices, more = items.Count % slices;
        for (int slice = 0; slice < slices; slice++)
        {
            context.Budget.Steps(1 + each);
            var part = items.GetRange((slice * each) + Math.Min(slice, more), each + (slice < more ? 1 : 0));
            if (bound.Has(1) && slice >= more) part.Add(bound[1]);
            yield return new ListValue(part);
        }
    }

    /// <summary>Pairs of a value and the list of the items that have it, in the order of the values.</summary>
    public static ListValue GroupBy(RenderContext context, Bound bound)
    {
        Value Key(Value item) => AttributePath.Get(context, item, bound[0]) switch
        {
            UndefinedValue when bound.Values[1] is { } otherwise => otherwise,
            var key => key,
        };
        var groups = new List<Value>();
        List<Value>? current = null;
        Value? last = null;
        foreach (var item in Sorting.Sort(context, context.ItemsOf(bound.Self), Key, bound.Flag(2), reverse: false))
        {
            var folded = bound.Flag(2) ? Key(item) : Sorting.IgnoreCase(Key(item));
            if (last is null || !Comparison.AreEqual(last, folded, context.Budget)) groups.Add(new GroupValue(Key(item), current = []));
            current!.Add(item);
            last = folded;
        }

        return context.List(groups);
    }

    /// <summary>A tuple that also answers to names.</summary>
    private sealed class GroupValue(Value grouper, List<Value> items) : TupleValue([grouper, new ListValue(items)])
    {
        public override Value? Attribute(string name, RenderContext context) => name switch
        {
            "grouper" => Items[0],
            "list" => Items[1],
            _ => base.Attribute(name, context),
        };
    }
}
