namespace Countersign.Protocol.Templates.Values;

/// <summary>Equality of the values that can be keys.</summary>
internal sealed class KeyComparer : IEqualityComparer<Value>
{
    public static KeyComparer Instance { get; } = new();

    public static bool IsKey(Value value) => value is StringValue or IntValue or FloatValue or BoolValue or NoneValue;

    public bool Equals(Value? x, Value? y) => (x, y) switch
    {
        (StringValue left, StringValue right) => left.Text == right.Text,
        (null, _) or (_, null) => false,
        _ => ReferenceEquals(x, y) || (Arithmetic.IsNumber(x) && Arithmetic.IsNumber(y) && Arithmetic.Compare(x, y) == 0),
    };

    public int GetHashCode(Value obj) => obj switch
    {
        StringValue text => text.Text.GetHashCode(StringComparison.Ordinal),
        NoneValue => 0,
        _ => Arithmetic.ToDouble(obj).GetHashCode(),
    };
}
