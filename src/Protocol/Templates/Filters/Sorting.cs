using Countersign.Protocol.Templates.Formatting;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary>Stable sorting, without regard to case unless asked.</summary>
internal static class Sorting
{
    public static List<T> Sort<T>(RenderContext context, IEnumerable<T> items, Func<T, Value> key, bool caseSensitive, bool reverse)
    {
        // Python compares a later item with an earlier one; the order of the operands shows only in error messages.
        var order = Comparer<Value>.Create((left, right) => Comparison.Compare(context, left, right));
        var keyed = items.Select(item => (Item: item, Key: caseSensitive ? key(item) : IgnoreCase(key(item)))).ToList();
        try
        {
            var sorted = reverse ? keyed.OrderByDescending(pair => pair.Key, order) : keyed.OrderBy(pair => pair.Key, order);
            return [.. sorted.Select(pair => pair.Item)];
        }
        catch (InvalidOperationException failure) when (failure.InnerException is TemplateException inner)
        {
            throw inner;
        }
    }

    public static Value IgnoreCase(Value value) => value is StringValue text ? new StringValue(Letters.Lower(text.Text)) : value;
}
