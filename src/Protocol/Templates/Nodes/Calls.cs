using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Nodes;

/// <summary>The arguments of a call, before they are evaluated.</summary>
internal sealed class ArgumentList(Expression[] positional, (string Name, Expression Value)[] named)
{
    public static ArgumentList None { get; } = new([], []);

    public Arguments Evaluate(RenderContext context)
    {
        var values = positional.Length == 0 ? [] : new Value[positional.Length];
        for (int i = 0; i < values.Length; i++) values[i] = positional[i].Evaluate(context);
        return new Arguments(values, named.Length == 0 ? [] : [.. named.Select(argument => (argument.Name, argument.Value.Evaluate(context)))]);
    }
}

/// <summary><c>f(x)</c>.</summary>
internal sealed class CallExpression(Expression target, ArgumentList arguments) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        var function = target.Evaluate(context);
        return function.Call(context, arguments.Evaluate(context));
    }

    /// <summary>The same call with a <c>caller</c> given to the macro.</summary>
    public Value Evaluate(RenderContext context, Value caller)
    {
        var given = arguments.Evaluate(context);
        return target.Evaluate(context).Call(context, given with { Named = [.. given.Named, ("caller", caller)] });
    }
}

/// <summary><c>x | filter(...)</c>. An unknown filter fails where it is reached, because some templates keep one in a branch that never runs.</summary>
internal sealed class FilterExpression(Expression input, string name, ArgumentList arguments) : Expression
{
    private readonly Function? filter = Filters.FilterTable.Find(name);

    public override Value Evaluate(RenderContext context)
    {
        var value = input.Evaluate(context);
        return (filter ?? throw Filters.FilterTable.Unknown(name)).Call(context, value, arguments.Evaluate(context));
    }
}

/// <summary>What stands where a filter's input comes from elsewhere: a <c>filter</c> or <c>set</c> block's text.</summary>
internal sealed class BlockInput : Expression
{
    public override Value Evaluate(RenderContext context) => context.Scope.Find(Variable)!;

    /// <summary>A name that no template can write.</summary>
    public const string Variable = "<block>";
}

/// <summary><c>x is test</c>.</summary>
internal sealed class TestExpression(Expression input, string name, ArgumentList arguments) : Expression
{
    private readonly Function? test = Templates.Tests.TestTable.Find(name);

    public override Value Evaluate(RenderContext context)
    {
        var value = input.Evaluate(context);
        return (test ?? throw Templates.Tests.TestTable.Unknown(name)).Call(context, value, arguments.Evaluate(context));
    }
}
