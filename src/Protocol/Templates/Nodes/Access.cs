using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Nodes;

/// <summary><c>x.name</c>: the type's attribute or method first, then the item, so that <c>schema.items</c> is the method.</summary>
internal sealed class AttributeExpression(Expression target, string name) : Expression
{
    private readonly StringValue key = new(name);

    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        var owner = target.Evaluate(context);
        return owner.Attribute(name, context) ?? owner.Item(key, context) ?? UndefinedValue.Missing(owner, key);
    }
}

/// <summary><c>x[key]</c>: the item first, then the attribute.</summary>
internal sealed class ItemExpression(Expression target, Expression key) : Expression
{
    public override Value Evaluate(RenderContext context)
    {
        context.Budget.Step();
        return Get(context, target.Evaluate(context), key.Evaluate(context));
    }

    public static Value Get(RenderContext context, Value owner, Value key)
    {
        if (owner.Item(key, context) is { } item) return item;
        if (key is SliceValue) throw TemplateException.Type($"'{owner.TypeName}' object cannot be sliced");
        return key is StringValue name && owner.Attribute(name.Text, context) is { } attribute ? attribute : UndefinedValue.Missing(owner, key);
    }
}

/// <summary><c>start:stop:step</c> within brackets.</summary>
internal sealed class SliceExpression(Expression? start, Expression? stop, Expression? step) : Expression
{
    public override Value Evaluate(RenderContext context) =>
        new SliceValue(start?.Evaluate(context), stop?.Evaluate(context), step?.Evaluate(context));
}
