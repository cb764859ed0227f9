using System.Globalization;
using System.Numerics;
using Countersign.Protocol.Templates.Formatting;
using Countersign.Protocol.Templates.Methods;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>An integer of any size.</summary>
internal sealed class IntValue : Value
{
    private static readonly IntValue[] Small = [.. Enumerable.Range(-1, 258).Select(number => new IntValue(number))];

    private IntValue(BigInteger number) => Number = number;

    public BigInteger Number { get; }
    public override string TypeName => "int";
    public override bool IsTrue => !Number.IsZero;

    public static IntValue Of(BigInteger number) => number >= -1 && number <= 256 ? Small[(int)number + 1] : new IntValue(number);

    public override void WriteRepr(TextSink sink) => sink.Append(Number.ToString(CultureInfo.InvariantCulture));

    public override Value? Attribute(string name, RenderContext context) => NumberMethods.Int.Bind(this, name);
}

/// <summary>A double, written as Python writes it.</summary>
internal sealed class FloatValue(double number) : Value
{
    public double Number { get; } = number;
    public override string TypeName => "float";
    public override bool IsTrue => Number != 0;

    public override void WriteRepr(TextSink sink) => sink.Append(PythonFloat.Repr(Number));

    public override Value? Attribute(string name, RenderContext context) => NumberMethods.Float.Bind(this, name);
}
