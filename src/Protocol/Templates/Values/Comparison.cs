using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>Python's comparisons.</summary>
internal static class Comparison
{
    public static bool AreEqual(Value left, Value right, Budget budget)
    {
        budget.Step();
        return (left, right) switch
        {
            (UndefinedValue, UndefinedValue) => true,
            (ListValue first, ListValue second) => AreEqual(first.Items, second.Items, budget),
            (TupleValue first, TupleValue second) => AreEqual(first.Items, second.Items, budget),
            (DictValue first, DictValue second) => AreEqual(first, second, budget),
            (RangeValue first, RangeValue second) => first.Length == second.Length && AreEqual([.. first.Iterate()], [.. second.Iterate()], budget),
            (FloatValue { Number: double.NaN }, _) or (_, FloatValue { Number: double.NaN }) => false,
            _ => KeyComparer.Instance.Equals(left, right),
        };
    }

    /// <summary>Less than, equal or greater as a number below, equal to or above 0; an error where Python has no order between the two.</summary>
    public static int Compare(RenderContext context, Value left, Value right, string operation = "<")
    {
        context.Budget.Step();
        return (left, right) switch
        {
            (StringValue first, StringValue second) => CodePoints.Compare(first.Text, second.Text),
            (ListValue first, ListValue second) => Compare(context, first.Items, second.Items, operation),
            (TupleValue first, TupleValue second) => Compare(context, first.Items, second.Items, operation),
            (UndefinedValue undefined, _) => throw undefined.Error(context),
            (_, UndefinedValue undefined) => throw undefined.Error(context),
            _ when Arithmetic.IsNumber(left) && Arithmetic.IsNumber(right) => Arithmetic.Compare(left, right),
            _ => throw TemplateException.Type($"'{operation}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'"),
        };
    }

    /// <summary><c>item in container</c>.</summary>
    public static bool Contains(RenderContext context, Value container, Value item)
    {
        switch (container)
        {
            case StringValue text when item is StringValue part: return text.Text.Contains(part.Text, StringComparison.Ordinal);
            case StringValue: throw TemplateException.Type($"'in <string>' requires string as left operand, not {item.TypeName}");
            case DictValue dict: return dict.Find(item) is not null;
            case { IsIterable: true }: return container.Iterate().Any(value => AreEqual(value, item, context.Budget));
            default: throw TemplateException.Type($"argument of type '{container.TypeName}' is not iterable");
        }
    }

    private static bool AreEqual(List<Value> left, List<Value> right, Budget budget)
    {
        if (left.Count != right.Count) return false;
        for (int i = 0; i < left.Count; i++)
        {
            if (!AreEqual(left[i], right[i], budget)) return false;
        }

        return true;
    }

    private static bool AreEqual(DictValue left, DictValue right, Budget budget)
    {
        if (left.Entries.Count != right.Entries.Count) return false;
        foreach (var (key, value) in left.Entries)
        {
            if (right.Find(key) is not { } other || !AreEqual(value, other, budget)) return false;
        }

        return true;
    }

    private static int Compare(RenderContext context, List<Value> left, List<Value> right, string operation)
    {
        for (int i = 0; i < Math.Min(left.Count, right.Count); i++)
        {
            if (!AreEqual(left[i], right[i], context.Budget)) return Compare(context, left[i], right[i], operation);
        }

        return left.Count - right.Count;
    }
}
