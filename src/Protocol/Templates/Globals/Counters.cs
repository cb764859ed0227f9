using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Globals;

/// <summary>What <c>cycler()</c> gives: its items in turn.</summary>
internal sealed class CyclerValue(Value[] items) : Value
{
    private static readonly FunctionTable Methods = new(
        new("next", "", (_, bound) => ((CyclerValue)bound.Self).Next()),
        new("reset", "", (_, bound) => ((CyclerValue)bound.Self).Reset()));

    private readonly Value[] items = items.Length > 0 ? items : throw TemplateException.Type("at least one item has to be provided");
    private int at;

    public override string TypeName => "Cycler";

    public override void WriteRepr(TextSink sink) => sink.Append("<Cycler>");

    public override Value? Attribute(string name, RenderContext context) => name == "current" ? items[at] : Methods.Bind(this, name);

    private Value Next()
    {
        var item = items[at];
        at = (at + 1) % items.Length;
        return item;
    }

    private NoneValue Reset()
    {
        at = 0;
        return NoneValue.Instance;
    }
}

/// <summary>What <c>joiner()</c> gives: nothing the first time, then its separator.</summary>
internal sealed class JoinerValue(string separator) : Value
{
    private bool wasUsed;

    public override string TypeName => "Joiner";
    public override bool IsCallable => true;

    public override void WriteRepr(TextSink sink) => sink.Append("<Joiner>");

    public override Value Call(RenderContext context, Arguments arguments)
    {
        if (wasUsed) return new StringValue(separator);
        wasUsed = true;
        return StringValue.Empty;
    }
}
