using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Globals;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>The variable <c>loop</c> of a loop.</summary>
internal sealed class LoopValue(List<Value> items, int depth, Func<Value, int, Value>? recurse) : Value
{
    private static readonly FunctionTable Methods = new(
        new("cycle", "*", (context, bound) => ((LoopValue)bound.Self).Cycle(bound)),
        new("changed", "*", (context, bound) => ((LoopValue)bound.Self).Changed(context, bound)));

    private TupleValue? last;

    /// <summary>The round, from 0.</summary>
    public int Index { get; set; }

    public override string TypeName => "LoopContext";
    public override bool IsCallable => recurse is not null;
    public override int? Length => items.Count;

    public override void WriteRepr(TextSink sink) => sink.Append($"<LoopContext {Index + 1}/{items.Count}>");

    public override Value? Attribute(string name, RenderContext context) => name switch
    {
        "index" => IntValue.Of(Index + 1),
        "index0" => IntValue.Of(Index),
        "revindex" => IntValue.Of(items.Count - Index),
        "revindex0" => IntValue.Of(items.Count - Index - 1),
        "first" => BoolValue.Of(Index == 0),
        "last" => BoolValue.Of(Index == items.Count - 1),
        "length" => IntValue.Of(items.Count),
        "depth" => IntValue.Of(depth + 1),
        "depth0" => IntValue.Of(depth),
        "previtem" => Index > 0 ? items[Index - 1] : UndefinedValue.Because("there is no previous item"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : UndefinedValue.Because("there is no next item"),
        _ => Methods.Bind(this, name),
    };

    public override Value Call(RenderContext context, Arguments arguments)
    {
        if (recurse is null) return base.Call(context, arguments);
        if (arguments.Positional.Length != 1) throw TemplateException.Type("loop() takes the items to loop over");
        return recurse(arguments.Positional[0], depth + 1);
    }

    private Value Cycle(Bound bound)
    {
        var choices = bound.All.Positional;
        return choices.Length > 0 ? choices[Index % choices.Length] : throw TemplateException.Type("no items for cycling given");
    }

    private BoolValue Changed(RenderContext context, Bound bound)
    {
        var now = new TupleValue([.. bound.All.Positional]);
        bool same = last is not null && Comparison.AreEqual(last, now, context.Budget);
        last = now;
        return BoolValue.Of(!same);
    }
}
