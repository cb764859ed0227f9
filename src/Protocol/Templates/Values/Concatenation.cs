using System.Numerics;
using System.Text;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary><c>+</c>, <c>*</c> and <c>~</c> of texts and lists.</summary>
internal static class Concatenation
{
    public static Value Add(RenderContext context, Value left, Value right) => (left, right) switch
    {
        (StringValue first, StringValue second) => AddTexts(context, first, second),
        (ListValue first, ListValue second) => context.List([.. first.Items, .. second.Items]),
        (TupleValue first, TupleValue second) => new TupleValue(context.List([.. first.Items, .. second.Items]).Items),
        (StringValue or ListValue or TupleValue, _) => throw TemplateException.Type(
            $"can only concatenate {left.TypeName} (not \"{right.TypeName}\") to {left.TypeName}"),
        _ => throw Arithmetic.Unsupported("+", left, right),
    };

    /// <summary><c>~</c>: the texts of both, never escaped.</summary>
    public static Value Join(RenderContext context, Value left, Value right)
    {
        string first = context.TextOf(left), second = context.TextOf(right);
        context.Budget.Text((long)first.Length + second.Length);
        return new StringValue(first + second);
    }

    public static Value Repeat(RenderContext context, Value what, BigInteger times)
    {
        int length = what is StringValue sized ? sized.Text.Length : what.Length ?? 0;
        if (times.Sign <= 0 || length == 0) times = 0;
        context.Budget.Text((long)BigInteger.Min(times * length, int.MaxValue));
        if (what is StringValue text) return new StringValue(new StringBuilder().Insert(0, text.Text, (int)times).ToString(), text.IsMarkup);
        var items = what is ListValue list ? list.Items : ((TupleValue)what).Items;
        context.Budget.Steps((long)times * length);
        List<Value> repeated = [.. Enumerable.Repeat(items, (int)times).SelectMany(round => round)];
        return what is ListValue ? new ListValue(repeated) : new TupleValue(repeated);
    }

    private static StringValue AddTexts(RenderContext context, StringValue left, StringValue right)
    {
        bool markup = left.IsMarkup || right.IsMarkup;
        string first = markup ? Markup.Escape(context, left) : left.Text;
        string second = markup ? Markup.Escape(context, right) : right.Text;
        context.Budget.Text((long)first.Length + second.Length);
        return new StringValue(first + second, markup);
    }
}
