using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>A function of ours, or a method bound to its value.</summary>
internal sealed class FunctionValue(Function function, Value? self = null) : Value
{
    public override string TypeName => self is null ? "function" : "builtin_function_or_method";
    public override bool IsCallable => true;

    public override void WriteRepr(TextSink sink) => sink.Append($"<function {function.Name}>");

    public override Value Call(RenderContext context, Arguments arguments) => function.Call(context, self, arguments);
}

/// <summary>A macro together with the scope it was defined in.</summary>
internal sealed class MacroValue(MacroDefinition definition, Scope scope) : Value
{
    public override string TypeName => "Macro";
    public override bool IsCallable => true;

    public override void WriteRepr(TextSink sink) => sink.Append($"<Macro '{definition.Name}'>");

    public override Value? Attribute(string name, RenderContext context) => name switch
    {
        "name" => new StringValue(definition.Name),
        "arguments" => new TupleValue([.. definition.Parameters.Select(parameter => new StringValue(parameter.Name))]),
        _ => null,
    };

    public override Value Call(RenderContext context, Arguments arguments) => definition.Call(context, scope, arguments);
}

/// <summary>What <c>namespace()</c> gives: the one value whose attributes a template may set.</summary>
internal sealed class NamespaceValue : Value
{
    private readonly Dictionary<string, Value> attributes = new(StringComparer.Ordinal);

    public override string TypeName => "Namespace";

    public void Set(string name, Value value) => attributes[name] = value;

    public override Value? Attribute(string name, RenderContext context) => attributes.GetValueOrDefault(name);

    public override Value? Item(Value key, RenderContext context) => key is StringValue name ? attributes.GetValueOrDefault(name.Text) : null;

    public override void WriteRepr(TextSink sink) => sink.Append("<Namespace>");
}
