using Countersign.Protocol.Templates.Formatting;
using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Tests;

/// <summary>All tests (<c>x is ...</c>) by name.</summary>
internal static class TestTable
{
    private static readonly FunctionTable Table = new(
        Kind("defined", value => value is not UndefinedValue),
        Kind("undefined", value => value is UndefinedValue),
        Kind("none", value => value is NoneValue),
        Kind("true", value => value == BoolValue.True),
        Kind("false", value => value == BoolValue.False),
        Kind("boolean", value => value is BoolValue),
        Kind("integer", value => value is IntValue),
        Kind("float", value => value is FloatValue),
        Kind("number", Arithmetic.IsNumber),
        Kind("string", value => value is StringValue),
        Kind("mapping", value => value is DictValue),
        Kind("sequence", value => value is StringValue or ListValue or TupleValue or DictValue or RangeValue or UndefinedValue),
        Kind("iterable", value => value.IsIterable),
        Kind("callable", value => value.IsCallable),
        Kind("escaped", value => value is StringValue { IsMarkup: true }),
        Texts("lower", Letters.IsLower),
        Texts("upper", Letters.IsUpper),
        Texts("filter", name => Filters.FilterTable.Find(name) is not null),
        Texts("test", name => Find(name) is not null),
        new("odd", "", (context, bound) => Remainder(context, bound.Self, 2, 1)),
        new("even", "", (context, bound) => Remainder(context, bound.Self, 2, 0)),
        new("divisibleby", "num", (context, bound) => Equal(context, Arithmetic.Apply(context, "%", bound.Self, bound[0]), IntValue.Of(0))),
        new("sameas", "other", (_, bound) => BoolValue.Of(AreSame(bound.Self, bound[0]))),
        new("in", "seq", (context, bound) => BoolValue.Of(Comparison.Contains(context, bound[0], bound.Self))),
        Compares("eq", "=="), Compares("equalto", "=="), Compares("==", "=="),
        Compares("ne", "!="), Compares("!=", "!="),
        Compares("lt", "<"), Compares("lessthan", "<"), Compares("<", "<"),
        Compares("le", "<="), Compares("<=", "<="),
        Compares("gt", ">"), Compares("greaterthan", ">"), Compares(">", ">"),
        Compares("ge", ">="), Compares(">=", ">="));

    public static Function? Find(string name) => Table.Find(name);

    public static TemplateException Unknown(string name) => new(TemplateFault.Syntax, $"No test named '{name}'.");

    private static Function Kind(string name, Func<Value, bool> holds) => new(name, "", (_, bound) => BoolValue.Of(holds(bound.Self)));

    private static Function Texts(string name, Func<string, bool> holds) => new(name, "", (context, bound) => BoolValue.Of(holds(context.TextOf(bound.Self))));

    private static Function Compares(string name, string operation) =>
        new(name, "other", (context, bound) => BoolValue.Of(ComparisonExpression.Holds(context, operation, bound.Self, bound[0])));

    private static BoolValue Remainder(RenderContext context, Value value, int divisor, int remainder) =>
        Equal(context, Arithmetic.Apply(context, "%", value, IntValue.Of(divisor)), IntValue.Of(remainder));

    private static BoolValue Equal(RenderContext context, Value left, Value right) => BoolValue.Of(Comparison.AreEqual(left, right, context.Budget));

    private static bool AreSame(Value left, Value right) => ReferenceEquals(left, right)
        || (left is StringValue first && right is StringValue second && first.Text == second.Text && first.IsMarkup == second.IsMarkup);
}
