using System.Numerics;
using Countersign.Protocol.Templates.Methods;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>A list.</summary>
internal sealed class ListValue(List<Value> items) : Value
{
    public List<Value> Items { get; } = items;
    public override string TypeName => "list";
    public override bool IsTrue => Items.Count > 0;
    public override int? Length => Items.Count;
    public override bool IsIterable => true;

    /// <summary>By index, because a lenient template may append to the list that it loops over.</summary>
    public override IEnumerable<Value> Iterate()
    {
        for (int i = 0; i < Items.Count; i++) yield return Items[i];
    }

    public override void WriteRepr(TextSink sink) => ReprOfItems.Write(sink, '[', Items, ']');

    public override Value? Attribute(string name, RenderContext context) => ListMethods.Of(this, name, context);

    public override Value? Item(Value key, RenderContext context)
    {
        if (key is SliceValue slice) return context.List(slice.Cut(Items));
        return Indexing.IndexOf(key, Items.Count) is { } index ? Items[index] : null;
    }
}

/// <summary>A tuple.</summary>
internal class TupleValue(List<Value> items) : Value
{
    public List<Value> Items { get; } = items;
    public override string TypeName => "tuple";
    public override bool IsTrue => Items.Count > 0;
    public override int? Length => Items.Count;
    public override bool IsIterable => true;

    public override IEnumerable<Value> Iterate() => Items;

    public override void WriteRepr(TextSink sink)
    {
        ReprOfItems.Write(sink, '(', Items, Items.Count == 1 ? ',' : ')');
        if (Items.Count == 1) sink.Append(')');
    }

    public override Value? Attribute(string name, RenderContext context) => ListMethods.OfTuple(this, name);

    public override Value? Item(Value key, RenderContext context)
    {
        if (key is SliceValue slice) return new TupleValue(slice.Cut(Items));
        return Indexing.IndexOf(key, Items.Count) is { } index ? Items[index] : null;
    }
}

/// <summary>What <c>range()</c> gives.</summary>
internal sealed class RangeValue(BigInteger start, BigInteger stop, BigInteger step, int count) : Value
{
    public override string TypeName => "range";
    public override bool IsTrue => count > 0;
    public override int? Length => count;
    public override bool IsIterable => true;

    public override IEnumerable<Value> Iterate() => Enumerable.Range(0, count).Select(At);

    public override Value? Item(Value key, RenderContext context)
    {
        if (key is SliceValue slice) return Cut(slice.Resolve(count));
        return Indexing.IndexOf(key, count) is { } index ? At(index) : null;
    }

    private RangeValue Cut((int First, int Count, int Step) cut)
    {
        var (from, by) = (start + (step * cut.First), step * cut.Step);
        return new RangeValue(from, from + (by * cut.Count), by, cut.Count);
    }

    public override void WriteRepr(TextSink sink) => sink.Append(step.IsOne ? $"range({start}, {stop})" : $"range({start}, {stop}, {step})");

    private Value At(int index) => IntValue.Of(start + (step * index));
}

/// <summary>What <c>map</c>, <c>select</c> and their like give: items made on demand, which can be taken only once, as from Python's generators.</summary>
internal sealed class LazyValue(IEnumerable<Value> items, string typeName = "generator") : Value
{
    private readonly IEnumerator<Value> rest = items.GetEnumerator();

    public override string TypeName => typeName;
    public override bool IsIterable => true;

    public override IEnumerable<Value> Iterate()
    {
        while (rest.MoveNext()) yield return rest.Current;
    }

    public override void WriteRepr(TextSink sink) => sink.Append($"<{typeName} object>");
}

/// <summary>Writes the items of a list or tuple.</summary>
internal static class ReprOfItems
{
    public static void Write(TextSink sink, char open, List<Value> items, char close)
    {
        sink.Append(open);
        for (int i = 0; i < items.Count; i++)
        {
            sink.Nest();
            if (i > 0) sink.Append(", ");
            items[i].WriteRepr(sink);
        }

        sink.Append(close);
    }
}
