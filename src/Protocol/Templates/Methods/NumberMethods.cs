using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Methods;

/// <summary>The methods of numbers.</summary>
internal static class NumberMethods
{
    public static FunctionTable Int { get; } = new(
        new("bit_length", "", (_, bound) => IntValue.Of(System.Numerics.BigInteger.Abs(((IntValue)bound.Self).Number).GetBitLength())),
        new("is_integer", "", (_, _) => BoolValue.True));

    public static FunctionTable Float { get; } = new(
        new Function("is_integer", "", (_, bound) => BoolValue.Of(double.IsInteger(((FloatValue)bound.Self).Number))));
}
