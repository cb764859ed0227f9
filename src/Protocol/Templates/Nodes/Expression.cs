using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Nodes;

/// <summary>An expression of the syntax tree. Trees are immutable and shared between renderings.</summary>
internal abstract class Expression
{
    public abstract Value Evaluate(RenderContext context);
}

/// <summary>A literal.</summary>
internal sealed class ConstantExpression(Value value) : Expression
{
    public override Value Evaluate(RenderContext context) => value;
}

/// <summary>A variable.</summary>
internal sealed class NameExpression(string name) : Expression
{
    private readonly UndefinedValue missing = UndefinedValue.Name(name);

    public override Value Evaluate(RenderContext context) => context.Scope.Find(name) ?? Globals.GlobalTable.Find(name) ?? missing;
}

/// <summary><c>[a, b]</c>.</summary>
internal sealed class ListExpression(Expression[] items) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        return context.List([.. items.Select(item => item.Evaluate(context))]);
    }
}

/// <summary><c>a, b</c> or <c>(a, b)</c>.</summary>
internal sealed class TupleExpression(Expression[] items) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        return new TupleValue([.. items.Select(item => item.Evaluate(context))]);
    }
}

/// <summary><c>{a: b}</c>.</summary>
internal sealed class DictExpression((Expression Key, Expression Value)[] entries) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        var dict = new DictValue();
        foreach (var (key, value) in entries) dict.Set(key.Evaluate(context), value.Evaluate(context));
        return dict;
    }
}

/// <summary><c>a if test else b</c>; without <c>else</c> it is undefined where the test fails.</summary>
internal sealed class ConditionalExpression(Expression test, Expression chosen, Expression? otherwise) : Expression
{
    private static readonly UndefinedValue Nothing =
        UndefinedValue.Because("the inline if-expression evaluated to false and no else section was defined.");

    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        return test.Evaluate(context).IsTrue ? chosen.Evaluate(context) : otherwise?.Evaluate(context) ?? Nothing;
    }
}
