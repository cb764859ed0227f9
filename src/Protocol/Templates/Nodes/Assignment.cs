using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Nodes;

/// <summary>What can be assigned to.</summary>
internal abstract class Target
{
    public abstract void Assign(RenderContext context, Scope scope, Value value);
}

/// <summary>A variable.</summary>
internal sealed class NameTarget(string name) : Target
{
    public override void Assign(RenderContext context, Scope scope, Value value) => scope.Set(name, value);
}

/// <summary>An attribute of a namespace.</summary>
internal sealed class NamespaceTarget(NameExpression target, string attribute) : Target
{
    public override void Assign(RenderContext context, Scope scope, Value value)
    {
        if (target.Evaluate(context) is not NamespaceValue space) throw TemplateException.Other("cannot assign attribute on non-namespace object");
        space.Set(attribute, value);
    }
}

/// <summary><c>a, b</c>: takes a sequence apart.</summary>
internal sealed class TupleTarget(Target[] targets) : Target
{
    public override void Assign(RenderContext context, Scope scope, Value value)
    {
        var items = context.ItemsOf(value);
        if (items.Count < targets.Length) throw TemplateException.Other($"not enough values to unpack (expected {targets.Length}, got {items.Count})");
        if (items.Count > targets.Length) throw TemplateException.Other($"too many values to unpack (expected {targets.Length})");
        for (int i = 0; i < targets.Length; i++) targets[i].Assign(context, scope, items[i]);
    }
}

/// <summary><c>{% set x = ... %}</c>.</summary>
internal sealed class SetStatement(Target target, Expression expression, int line) : Statement
{
    public override Flow Render(RenderContext context)
    {
        context.Line = line;
        target.Assign(context, context.Scope, expression.Evaluate(context));
        return Flow.Next;
    }
}

/// <summary><c>{% set x %}...{% endset %}</c>.</summary>
internal sealed class SetBlockStatement(Target target, Expression? filters, Block body, int line) : Statement
{
    public override Flow Render(RenderContext context)
    {
        var text = BlockText.Filtered(context, body, filters, line);
        target.Assign(context, context.Scope, text);
        return Flow.Next;
    }
}

/// <summary><c>{% with a = ... %}</c>.</summary>
internal sealed class WithStatement((Target Target, Expression Value)[] variables, Block body, int line) : Statement
{
    public override Flow Render(RenderContext context)
    {
        context.Line = line;
        var scope = new Scope(context.Scope);
        foreach (var (target, value) in variables) target.Assign(context, scope, value.Evaluate(context));
        return body.RenderInside(context, scope);
    }
}
