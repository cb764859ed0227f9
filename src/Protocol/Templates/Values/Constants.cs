using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>Python's <c>None</c>.</summary>
internal sealed class NoneValue : Value
{
    public static NoneValue Instance { get; } = new();

    public override string TypeName => "NoneType";
    public override bool IsTrue => false;

    public override void WriteRepr(TextSink sink) => sink.Append("None");
}

/// <summary><c>True</c> or <c>False</c>.</summary>
internal sealed class BoolValue : Value
{
    public static BoolValue True { get; } = new();
    public static BoolValue False { get; } = new();

    public override string TypeName => "bool";
    public override bool IsTrue => this == True;

    public static BoolValue Of(bool value) => value ? True : False;

    public override void WriteRepr(TextSink sink) => sink.Append(IsTrue ? "True" : "False");
}
