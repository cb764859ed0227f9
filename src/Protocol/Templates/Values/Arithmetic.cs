using System.Numerics;
using Countersign.Protocol.Templates.Formatting;
using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>Python's arithmetic operators.</summary>
internal static class Arithmetic
{
    /// <summary>Integers may not grow beyond this, however long a template multiplies.</summary>
    private const int MaximumBits = 4096;

    public static bool IsNumber(Value value) => value is IntValue or FloatValue or BoolValue;

    public static double ToDouble(Value value) => value is FloatValue number ? number.Number : (double)ToInteger(value);

    public static BigInteger ToInteger(Value value) => value is IntValue number ? number.Number : value.IsTrue ? 1 : 0;

    /// <summary>Both numbers. NaN sorts before everything, so that sorting stays total.</summary>
    public static int Compare(Value left, Value right) => left is FloatValue || right is FloatValue
        ? ToDouble(left).CompareTo(ToDouble(right))
        : ToInteger(left).CompareTo(ToInteger(right));

    public static Value Negate(RenderContext context, Value value) => value switch
    {
        FloatValue number => new FloatValue(-number.Number),
        IntValue or BoolValue => IntValue.Of(-ToInteger(value)),
        _ => throw Unary(context, "-", value),
    };

    public static Value Plus(RenderContext context, Value value) => value switch
    {
        FloatValue => value,
        IntValue or BoolValue => IntValue.Of(ToInteger(value)),
        _ => throw Unary(context, "+", value),
    };

    public static Value Apply(RenderContext context, string operation, Value left, Value right)
    {
        if (IsNumber(left) && IsNumber(right))
        {
            return left is FloatValue || right is FloatValue
                ? OfFloats(operation, ToDouble(left), ToDouble(right))
                : OfIntegers(operation, ToInteger(left), ToInteger(right));
        }

        RefuseUndefined(context, left, right);
        return operation switch
        {
            "+" => Concatenation.Add(context, left, right),
            "*" when Repeated(left, right) is var (what, times) => Concatenation.Repeat(context, what, times),
            "%" when left is StringValue format => PercentFormat.Apply(context, format, right),
            _ => throw Unsupported(operation, left, right),
        };
    }

    public static TemplateException Unsupported(string operation, Value left, Value right) =>
        TemplateException.Type($"unsupported operand type(s) for {operation}: '{left.TypeName}' and '{right.TypeName}'");

    private static void RefuseUndefined(RenderContext context, Value left, Value right)
    {
        if (left is UndefinedValue first) throw first.Error(context);
        if (right is UndefinedValue second) throw second.Error(context);
    }

    private static (Value What, BigInteger Times)? Repeated(Value left, Value right)
    {
        if (left is StringValue or ListValue or TupleValue && right is IntValue or BoolValue) return (left, ToInteger(right));
        if (right is StringValue or ListValue or TupleValue && left is IntValue or BoolValue) return (right, ToInteger(left));
        return null;
    }

    private static FloatValue OfFloats(string operation, double left, double right)
    {
        if (right == 0 && operation is "/" or "//" or "%") throw TemplateException.Other("float division by zero");
        return new FloatValue(operation switch
        {
            "+" => left + right,
            "-" => left - right,
            "*" => left * right,
            "/" => left / right,
            "//" => Math.Floor(left / right),
            "%" => left - (right * Math.Floor(left / right)),
            _ => Math.Pow(left, right),
        });
    }

    private static Value OfIntegers(string operation, BigInteger left, BigInteger right)
    {
        if (right.IsZero && operation is "/" or "//" or "%")
        {
            throw TemplateException.Other(operation == "%" ? "integer modulo by zero" : "division by zero");
        }

        return operation switch
        {
            "+" => Bounded(left + right),
            "-" => Bounded(left - right),
            "*" => Bounded(left * right),
            "/" => new FloatValue((double)left / (double)right),
            "//" => IntValue.Of(FloorDivide(left, right)),
            "%" => IntValue.Of(left - (right * FloorDivide(left, right))),
            _ => Power(left, right),
        };
    }

    private static Value Power(BigInteger left, BigInteger right)
    {
        if (right.Sign < 0) return left.IsZero ? throw TemplateException.Other("0.0 cannot be raised to a negative power") : new FloatValue(Math.Pow((double)left, (double)right));
        if (right > MaximumBits || left.GetBitLength() * (long)right > MaximumBits) throw TooLarge();
        return IntValue.Of(BigInteger.Pow(left, (int)right));
    }

    private static BigInteger FloorDivide(BigInteger left, BigInteger right)
    {
        var quotient = BigInteger.DivRem(left, right, out var remainder);
        return remainder.Sign != 0 && remainder.Sign != right.Sign ? quotient - 1 : quotient;
    }

    private static IntValue Bounded(BigInteger number) => number.GetBitLength() <= MaximumBits ? IntValue.Of(number) : throw TooLarge();

    private static TemplateException TooLarge() => TemplateException.Limit($"an integer may not have more than {MaximumBits} bits");

    private static TemplateException Unary(RenderContext context, string operation, Value value) => value is UndefinedValue undefined
        ? undefined.Error(context)
        : TemplateException.Type($"bad operand type for unary {operation}: '{value.TypeName}'");
}
