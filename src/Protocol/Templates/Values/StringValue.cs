using Countersign.Protocol.Templates.Formatting;
using Countersign.Protocol.Templates.Methods;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>A text: a sequence of code points, although it is stored in UTF-16. Markup is text that <c>|safe</c> or <c>|escape</c> marked:
/// plain text that is added to it gets escaped.</summary>
internal sealed class StringValue(string text, bool isMarkup = false) : Value
{
    public static StringValue Empty { get; } = new("");

    public string Text { get; } = text;
    public bool IsMarkup { get; } = isMarkup;
    public override string TypeName => IsMarkup ? "Markup" : "str";
    public override bool IsTrue => Text.Length > 0;
    public override bool IsIterable => true;
    public override int? Length => CodePoints.Count(Text);

    public override IEnumerable<Value> Iterate() => CodePoints.Split(Text).Select(point => new StringValue(point));

    public override void WriteText(TextSink sink) => sink.Append(Text);

    public override void WriteRepr(TextSink sink)
    {
        if (IsMarkup) sink.Append("Markup(");
        PythonString.WriteRepr(Text, sink);
        if (IsMarkup) sink.Append(')');
    }

    public override Value? Attribute(string name, RenderContext context) => StringMethods.Table.Bind(this, name);

    public override Value? Item(Value key, RenderContext context)
    {
        if (key is SliceValue slice) return context.String(slice.Cut(Text), IsMarkup);
        if (Indexing.IndexOf(key, Length!.Value) is not { } index) return null;
        return new StringValue(CodePoints.At(Text, index), IsMarkup);
    }
}
