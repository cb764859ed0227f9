using System.Buffers.Binary;

namespace Countersign.Gateway.Ledger.Journal;

/// <summary>Reads what <see cref="RowBuffer"/> wrote.</summary>
/// <param name="record">The rows, without their frame.</param>
internal ref struct RowReader(ReadOnlySpan<byte> record)
{
    private int at;

    /// <summary>The rows, in which the texts of values stay.</summary>
    public ReadOnlySpan<byte> Record { get; } = record;

    /// <summary>The next row; <c>false</c> at the end.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="values">Where its values go.</param>
    /// <param name="count">How many it has.</param>
    public bool TryRead(out byte kind, Span<RowValue> values, out int count)
    {
        (kind, count) = (0, 0);
        if (at == Record.Length) return false;
        (kind, count) = (Record[at], Record[at + 1]);
        at += 2;
        for (int i = 0; i < count; i++) values[i] = Next();
        return true;
    }

    private RowValue Next()
    {
        switch ((RowValueKind)Record[at++])
        {
            case RowValueKind.Null: return default;
            case RowValueKind.Text: return Text();
            case RowValueKind.Real: return BinaryPrimitives.ReadDoubleLittleEndian(Take(8));
            default: return BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        }
    }

    private RowValue Text()
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(Take(4)), start = at;
        Take(length);
        return RowValue.In(start, length);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        at += count;
        return Record.Slice(at - count, count);
    }
}
