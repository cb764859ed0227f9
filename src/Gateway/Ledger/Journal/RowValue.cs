namespace Countersign.Gateway.Ledger.Journal;

/// <summary>A value of a row: nothing, a whole number, a number or a text. Without a box, for every request has fifty.</summary>
internal readonly struct RowValue
{
    private readonly long bits;

    private RowValue(RowValueKind kind, long bits, string? text = null) => (Kind, this.bits, Text) = (kind, bits, text);

    public RowValueKind Kind { get; }

    /// <summary>The text of a text.</summary>
    public string? Text { get; }

    /// <summary>A text in UTF-8 that stays in its record.</summary>
    public static RowValue In(int start, int length) => new(RowValueKind.Utf8, ((long)start << 32) | (uint)length);

    /// <summary>A text that stays in its record.</summary>
    public ReadOnlySpan<byte> Utf8(ReadOnlySpan<byte> record) => record.Slice((int)(bits >> 32), (int)bits);

    /// <summary>The whole number of a whole number.</summary>
    public long Integer => bits;

    /// <summary>The number of a number.</summary>
    public double Real => BitConverter.Int64BitsToDouble(bits);

    public static implicit operator RowValue(long value) => new(RowValueKind.Integer, value);

    public static implicit operator RowValue(long? value) => value is { } known ? known : default(RowValue);

    public static implicit operator RowValue(int value) => new(RowValueKind.Integer, value);

    public static implicit operator RowValue(int? value) => value is { } known ? known : default(RowValue);

    public static implicit operator RowValue(bool value) => new(RowValueKind.Integer, value ? 1 : 0);

    public static implicit operator RowValue(double value) => new(RowValueKind.Real, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator RowValue(double? value) => value is { } known ? known : default(RowValue);

    public static implicit operator RowValue(string? value) => value is null ? default : new(RowValueKind.Text, 0, value);
}

internal enum RowValueKind : byte
{
    /// <summary>Unknown, or not there.</summary>
    Null,
    Integer,
    Real,
    Text,

    /// <summary>A text as bytes of the record that it was read from; never written.</summary>
    Utf8,
}
