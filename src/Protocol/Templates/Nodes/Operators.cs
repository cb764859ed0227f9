using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Nodes;

/// <summary><c>and</c>, <c>or</c>: give one of the operands back.</summary>
internal sealed class LogicalExpression(bool isAnd, Expression left, Expression right) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        var first = left.Evaluate(context);
        return first.IsTrue == isAnd ? right.Evaluate(context) : first;
    }
}

/// <summary><c>not</c>.</summary>
internal sealed class NotExpression(Expression operand) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        return BoolValue.Of(!operand.Evaluate(context).IsTrue);
    }
}

/// <summary>A sign.</summary>
internal sealed class SignExpression(bool isMinus, Expression operand) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        var value = operand.Evaluate(context);
        return isMinus ? Arithmetic.Negate(context, value) : Arithmetic.Plus(context, value);
    }
}

/// <summary><c>+ - * / // % ** ~</c>.</summary>
internal sealed class BinaryExpression(string operation, Expression left, Expression right) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        var (first, second) = (left.Evaluate(context), right.Evaluate(context));
        if (operation == "+" && first is StringValue && second is StringValue) return Concatenation.Add(context, first, second);
        return operation == "~" ? Concatenation.Join(context, first, second) : Arithmetic.Apply(context, operation, first, second);
    }
}

/// <summary>One or several comparisons: <c>a &lt; b &lt;= c</c>.</summary>
internal sealed class ComparisonExpression(Expression first, (string Operation, Expression Operand)[] rest) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        var left = first.Evaluate(context);
        foreach (var (operation, operand) in rest)
        {
            var right = operand.Evaluate(context);
            if (!Holds(context, operation, left, right)) return BoolValue.False;
            left = right;
        }

        return BoolValue.True;
    }

    public static bool Holds(RenderContext context, string operation, Value left, Value right) => operation switch
    {
        "==" => Comparison.AreEqual(left, right, context.Budget),
        "!=" => !Comparison.AreEqual(left, right, context.Budget),
        "in" => Comparison.Contains(context, right, left),
        "not in" => !Comparison.Contains(context, right, left),
        "<" => Comparison.Compare(context, left, right, operation) < 0,
        "<=" => Comparison.Compare(context, left, right, operation) <= 0,
        ">" => Comparison.Compare(context, left, right, operation) > 0,
        _ => Comparison.Compare(context, left, right, operation) >= 0,
    };
}
