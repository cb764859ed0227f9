using System.Text.RegularExpressions;

namespace Countersign.Cascade.Validators.Facts;

/// <summary>An expression, parsed.</summary>
internal abstract record Expression
{
    /// <summary>What it amounts to.</summary>
    /// <exception cref="ExpressionException">A path leads nowhere, or a value is of the wrong kind.</exception>
    public abstract ExpressionValue Evaluate(ExpressionScope scope);

    /// <summary>Why it is not true, in words.</summary>
    public virtual string Explain(ExpressionScope scope) => "it does not";
}

internal sealed record ConstantExpression(ExpressionValue Value) : Expression
{
    public override ExpressionValue Evaluate(ExpressionScope scope) => Value;
}

internal sealed record ListExpression(IReadOnlyList<Expression> Items) : Expression
{
    public override ExpressionValue Evaluate(ExpressionScope scope) => new(Items.Select(item => item.Evaluate(scope)).ToList());
}

/// <summary>A path; one with <c>[*]</c> is a list, any other one value. A list in which an item lacks what the path asks for is none.</summary>
internal sealed record PathExpression(string Text, IReadOnlyList<string> Steps) : Expression
{
    public bool Exists(ExpressionScope scope) => JsonPaths.Select(scope.Root, Steps, out _).Count > 0;

    public override ExpressionValue Evaluate(ExpressionScope scope)
    {
        var found = JsonPaths.Select(scope.Root, Steps, out var missing).Select(at => ExpressionValue.Of(at.Value)).ToList();
        bool isList = Steps.Contains("[*]");
        if (missing.Count > 0) throw new ExpressionException($"there is no {Text}{(isList ? $" at {missing[0].Where}" : "")}");
        return isList ? new ExpressionValue(found) : found[0];
    }
}

internal sealed record NotExpression(Expression Inner) : Expression
{
    public override ExpressionValue Evaluate(ExpressionScope scope) => ExpressionValue.Of(!Inner.Evaluate(scope).IsTrue);
}

/// <summary><c>and</c>, <c>or</c>; the right side is not looked at where the left decides.</summary>
internal sealed record LogicExpression(bool IsAnd, Expression Left, Expression Right) : Expression
{
    public override ExpressionValue Evaluate(ExpressionScope scope)
    {
        bool left = Left.Evaluate(scope).IsTrue;
        return ExpressionValue.Of(left == IsAnd ? Right.Evaluate(scope).IsTrue : left);
    }

    public override string Explain(ExpressionScope scope) => IsAnd && !Left.Evaluate(scope).IsTrue ? Left.Explain(scope) : Right.Explain(scope);
}

internal sealed record ArithmeticExpression(char Operator, Expression Left, Expression Right) : Expression
{
    public override ExpressionValue Evaluate(ExpressionScope scope)
    {
        decimal left = Left.Evaluate(scope).Number, right = Right.Evaluate(scope).Number;
        if (Operator is '/' or '%' && right == 0) throw new ExpressionException("something is divided by zero");
        try
        {
            return ExpressionValue.Of(Operator switch { '+' => left + right, '-' => left - right, '*' => left * right, '/' => left / right, _ => left % right });
        }
        catch (OverflowException)
        {
            throw new ExpressionException("a number grows too large");
        }
    }
}

/// <summary>A comparison. Numbers compare by value within the tolerance, texts by their characters.</summary>
internal sealed record ComparisonExpression(string Operator, Expression Left, Expression Right) : Expression
{
    public override ExpressionValue Evaluate(ExpressionScope scope)
    {
        var (left, right) = (Left.Evaluate(scope), Right.Evaluate(scope));
        return ExpressionValue.Of(Operator switch
        {
            "==" => left.EqualTo(right, scope.Tolerance),
            "!=" => !left.EqualTo(right, scope.Tolerance),
            "in" => Contains(right, left, scope),
            "not in" => !Contains(right, left, scope),
            "<" => Order(left, right) < 0 && !left.EqualTo(right, scope.Tolerance),
            ">" => Order(left, right) > 0 && !left.EqualTo(right, scope.Tolerance),
            "<=" => Order(left, right) <= 0 || left.EqualTo(right, scope.Tolerance),
            _ => Order(left, right) >= 0 || left.EqualTo(right, scope.Tolerance),
        });
    }

    public override string Explain(ExpressionScope scope) => $"the left side is {Left.Evaluate(scope)} and the right side {Right.Evaluate(scope)}";

    private static int Order(ExpressionValue left, ExpressionValue right) =>
        left.Content is string a && right.Content is string b ? string.CompareOrdinal(a, b) : left.Number.CompareTo(right.Number);

    private static bool Contains(ExpressionValue whole, ExpressionValue part, ExpressionScope scope) =>
        whole.Content is string text && part.Content is string piece ? text.Contains(piece, StringComparison.Ordinal) : whole.Items.Any(item => item.EqualTo(part, scope.Tolerance));
}

/// <summary><c>text matches "pattern"</c>; a pattern is compiled when the expression is parsed.</summary>
internal sealed record MatchExpression(Expression Text, Regex Pattern) : Expression
{
    public override ExpressionValue Evaluate(ExpressionScope scope)
    {
        if (Text.Evaluate(scope).Content is not string text) throw new ExpressionException("only a text can match a pattern");
        try
        {
            return ExpressionValue.Of(Pattern.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new ExpressionException("the pattern takes too long to match");
        }
    }

    public override string Explain(ExpressionScope scope) => $"the text is {Text.Evaluate(scope)}";
}

/// <summary>A call of one of <see cref="ExpressionFunctions"/>.</summary>
internal sealed record CallExpression(string Name, IReadOnlyList<Expression> Arguments) : Expression
{
    public override ExpressionValue Evaluate(ExpressionScope scope) => ExpressionFunctions.Call(Name, Arguments, scope);
}
