using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Nodes;

/// <summary>What a statement does to the loop around it.</summary>
internal enum Flow { Next, Break, Continue }

/// <summary>A statement of the syntax tree.</summary>
internal abstract class Statement
{
    public abstract Flow Render(RenderContext context);
}

/// <summary>Statements in order.</summary>
internal sealed class Block(Statement[] statements)
{
    public static Block Empty { get; } = new([]);

    public Flow Render(RenderContext context)
    {
        foreach (var statement in statements)
        {
            context.Budget.Step();
            if (statement.Render(context) is var flow && flow != Flow.Next) return flow;
        }

        return Flow.Next;
    }

    /// <summary>In a scope of its own, below the present one.</summary>
    public Flow RenderInside(RenderContext context, Scope scope)
    {
        var outer = context.Scope;
        context.Scope = scope;
        try
        {
            return Render(context);
        }
        finally
        {
            context.Scope = outer;
        }
    }
}

/// <summary>Text between tags.</summary>
internal sealed class TextStatement(string text) : Statement
{
    public override Flow Render(RenderContext context)
    {
        context.Output.Append(text);
        return Flow.Next;
    }
}

/// <summary><c>{{ x }}</c>.</summary>
internal sealed class PrintStatement(Expression expression, int line) : Statement
{
    public override Flow Render(RenderContext context)
    {
        context.Line = line;
        expression.Evaluate(context).WriteText(context.Output);
        return Flow.Next;
    }
}

/// <summary><c>{% if %}</c> with its branches; the last one may have no test.</summary>
internal sealed class IfStatement((Expression? Test, Block Body, int Line)[] branches) : Statement
{
    public override Flow Render(RenderContext context)
    {
        foreach (var (test, body, line) in branches)
        {
            context.Line = line;
            if (test is null || test.Evaluate(context).IsTrue) return body.Render(context);
        }

        return Flow.Next;
    }
}

/// <summary><c>{% break %}</c> or <c>{% continue %}</c>.</summary>
internal sealed class LeaveStatement(Flow flow) : Statement
{
    public override Flow Render(RenderContext context) => flow;
}

/// <summary><c>{% generation %}</c>: marks what a model would have written; it only makes a scope here.</summary>
internal sealed class GenerationStatement(Block body) : Statement
{
    public override Flow Render(RenderContext context)
    {
        body.RenderInside(context, new Scope(context.Scope));
        return Flow.Next;
    }
}

/// <summary><c>{% filter %}</c>.</summary>
internal sealed class FilterStatement(Expression filters, Block body, int line) : Statement
{
    public override Flow Render(RenderContext context)
    {
        BlockText.Filtered(context, body, filters, line).WriteText(context.Output);
        return Flow.Next;
    }
}

/// <summary>The text of a block, put through filters.</summary>
internal static class BlockText
{
    public static Value Filtered(RenderContext context, Block body, Expression? filters, int line)
    {
        var scope = new Scope(context.Scope);
        Value text = new StringValue(context.Capture(body, scope));
        context.Line = line;
        if (filters is null) return text;
        var outer = context.Scope;
        context.Scope = new Scope(outer);
        context.Scope.Set(BlockInput.Variable, text);
        try
        {
            return filters.Evaluate(context);
        }
        finally
        {
            context.Scope = outer;
        }
    }
}
