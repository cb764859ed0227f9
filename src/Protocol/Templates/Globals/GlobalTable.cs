using System.Collections.Frozen;
using System.Numerics;
using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Globals;

/// <summary>Functions that every template can call: Jinja's own, and the two of Hugging Face.</summary>
internal static class GlobalTable
{
    /// <summary>As in Jinja's sandbox.</summary>
    private const int LongestRange = 100_000;

    private static readonly FrozenDictionary<string, FunctionValue> Table = new Function[]
    {
        new("raise_exception", "message", (context, bound) => throw new TemplateException(TemplateFault.Raised, context.TextOf(bound[0]), context.Line)),
        new("strftime_now", "format", (context, bound) => context.String(TimeFormat.Write(bound.Text(0), context.Settings.Clock.GetLocalNow()))),
        new("range", "start stop? step?", (_, bound) => Range(bound)),
        new("namespace", "*", Namespace),
        new("dict", "*", Dict),
        new("cycler", "*", (_, bound) => new CyclerValue(bound.All.Positional)),
        new("joiner", "sep?", (_, bound) => new JoinerValue(bound.Text(0, ", "))),
        new("lipsum", "*", (_, _) => throw TemplateException.Other("lipsum() makes random text, which no prompt needs")),
    }.ToFrozenDictionary(function => function.Name, function => new FunctionValue(function), StringComparer.Ordinal);

    public static Value? Find(string name) => Table.GetValueOrDefault(name);

    private static RangeValue Range(Bound bound)
    {
        BigInteger start = bound.Values[1] is null ? 0 : Integer(bound, 0), stop = Integer(bound, bound.Values[1] is null ? 0 : 1);
        var step = bound.Values[2] is null ? 1 : Integer(bound, 2);
        if (step.IsZero) throw TemplateException.Other("range() arg 3 must not be zero");
        var count = BigInteger.Max(0, (stop - start + step - step.Sign) / step);
        if (count > LongestRange) throw TemplateException.Limit($"Range too big. A range may not have more than {LongestRange} items.");
        return new RangeValue(start, stop, step, (int)count);
    }

    private static BigInteger Integer(Bound bound, int parameter) => bound[parameter] is IntValue or BoolValue
        ? Arithmetic.ToInteger(bound[parameter])
        : throw TemplateException.Type($"'{bound[parameter].TypeName}' object cannot be interpreted as an integer");

    private static NamespaceValue Namespace(RenderContext context, Bound bound)
    {
        var space = new NamespaceValue();
        foreach (var (key, value) in Entries(context, bound).Entries)
        {
            if (key is StringValue name) space.Set(name.Text, value);
        }

        return space;
    }

    private static DictValue Dict(RenderContext context, Bound bound) => Entries(context, bound);

    private static DictValue Entries(RenderContext context, Bound bound)
    {
        var entries = new DictValue();
        if (bound.All.Positional.Length > 1) throw TemplateException.Type($"{bound.Function} expected at most 1 argument, got {bound.All.Positional.Length}");
        foreach (var given in bound.All.Positional)
        {
            var pairs = given is DictValue dict ? [.. dict.Entries.Select(DictViewValue.Pair)] : context.ItemsOf(given);
            foreach (var pair in pairs) AddPair(context, entries, pair);
        }

        foreach (var (name, value) in bound.All.Named) entries.Set(name, value);
        return entries;
    }

    private static void AddPair(RenderContext context, DictValue entries, Value pair)
    {
        var parts = context.ItemsOf(pair);
        if (parts.Count != 2) throw TemplateException.Other($"dictionary update sequence element has length {parts.Count}; 2 is required");
        entries.Set(parts[0], parts[1]);
    }
}
