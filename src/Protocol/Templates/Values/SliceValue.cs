using System.Numerics;
using System.Text;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>The key of <c>x[start:stop:step]</c>; a missing bound is <c>null</c>.</summary>
internal sealed class SliceValue(Value? start, Value? stop, Value? step) : Value
{
    public override string TypeName => "slice";

    public override void WriteRepr(TextSink sink) => sink.Append("slice");

    public List<Value> Cut(List<Value> items)
    {
        var (first, count, by) = Resolve(items.Count);
        if (by == 1) return items.GetRange(first, count);
        var cut = new List<Value>(count);
        for (int i = 0; i < count; i++) cut.Add(items[first + (i * by)]);
        return cut;
    }

    public string Cut(string text)
    {
        var (first, count, by) = Resolve(CodePoints.Count(text));
        if (by == 1)
        {
            int from = CodePoints.Offset(text, first);
            return text[from..CodePoints.Offset(text, first + count)];
        }

        string[] points = [.. CodePoints.Split(text)];
        var cut = new StringBuilder();
        for (int i = 0; i < count; i++) cut.Append(points[first + (i * by)]);
        return cut.ToString();
    }

    /// <summary>The first index, the number of items and the step, as Python's <c>slice.indices</c>.</summary>
    public (int First, int Count, int Step) Resolve(int length)
    {
        int by = Number(step) ?? 1;
        if (by == 0) throw TemplateException.Other("slice step cannot be zero");
        bool forward = by > 0;
        int first = Clamp(Number(start), forward ? 0 : length - 1, length, forward);
        int last = Clamp(Number(stop), forward ? length : -1, length, forward);
        long span = forward ? (long)last - first : (long)first - last;
        int count = span <= 0 ? 0 : (int)((span + Math.Abs((long)by) - 1) / Math.Abs((long)by));
        return (count == 0 ? 0 : first, count, by);
    }

    private static int Clamp(int? bound, int missing, int length, bool forward)
    {
        if (bound is not { } at) return missing;
        if (at < 0) at = Math.Max(at + length, forward ? 0 : -1);
        return Math.Min(at, forward ? length : length - 1);
    }

    private static int? Number(Value? bound) => bound switch
    {
        null or NoneValue => null,
        IntValue number => (int)BigInteger.Clamp(number.Number, int.MinValue + 1, int.MaxValue),
        BoolValue flag => flag.IsTrue ? 1 : 0,
        _ => throw TemplateException.Type("slice indices must be integers or None"),
    };
}
