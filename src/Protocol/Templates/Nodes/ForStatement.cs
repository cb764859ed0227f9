using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Nodes;

/// <summary><c>{% for %}</c>. Every round has a scope of its own, so that a <c>set</c> in one is not seen by the next.</summary>
internal sealed class ForStatement(Target target, Expression items, Expression? test, bool isRecursive, Block body, Block otherwise, int line) : Statement
{
    public override Flow Render(RenderContext context)
    {
        context.Line = line;
        Loop(context, items.Evaluate(context), 0);
        return Flow.Next;
    }

    private void Loop(RenderContext context, Value sequence, int depth)
    {
        var outer = context.Scope;
        var rounds = context.ItemsOf(sequence);
        if (test is not null) rounds.RemoveAll(item => !Passes(context, item));
        if (rounds.Count == 0)
        {
            otherwise.RenderInside(context, new Scope(outer));
            return;
        }

        var loop = new LoopValue(rounds, depth, isRecursive ? (inner, deeper) => Recurse(context, inner, deeper, outer) : null);
        for (; loop.Index < rounds.Count; loop.Index++)
        {
            context.Budget.Step();
            var scope = new Scope(outer);
            scope.Set("loop", loop);
            target.Assign(context, scope, rounds[loop.Index]);
            if (body.RenderInside(context, scope) == Flow.Break) break;
        }
    }

    private bool Passes(RenderContext context, Value item)
    {
        var outer = context.Scope;
        context.Scope = new Scope(outer);
        target.Assign(context, context.Scope, item);
        bool passes = test!.Evaluate(context).IsTrue;
        context.Scope = outer;
        return passes;
    }

    private StringValue Recurse(RenderContext context, Value inner, int depth, Scope outer)
    {
        context.Budget.EnterCall();
        var recursion = new Block([new RecursionStatement(() => Loop(context, inner, depth))]);
        string text = context.Capture(recursion, outer);
        context.Budget.LeaveCall();
        return new StringValue(text);
    }

    private sealed class RecursionStatement(Action loop) : Statement
    {
        public override Flow Render(RenderContext context)
        {
            loop();
            return Flow.Next;
        }
    }
}
