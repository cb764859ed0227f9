using System.Buffers.Binary;
using System.Text;

namespace Countersign.Gateway.Ledger.Journal;

/// <summary>Reads what <see cref="RowBuffer"/> wrote.</summary>
/// <param name="rows">The rows, without their frame.</param>
internal ref struct RowReader(ReadOnlySpan<byte> rows)
{
    private ReadOnlySpan<byte> rest = rows;

    /// <summary>The next row; <c>false</c> at the end.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="values">Where its values go.</param>
    /// <param name="count">How many it has.</param>
    public bool TryRead(out byte kind, Span<RowValue> values, out int count)
    {
        (kind, count) = (0, 0);
        if (rest.IsEmpty) return false;
        (kind, count) = (rest[0], rest[1]);
        rest = rest[2..];
        for (int i = 0; i < count; i++) values[i] = Next();
        return true;
    }

    private RowValue Next()
    {
        var kind = (RowValueKind)rest[0];
        rest = rest[1..];
        switch (kind)
        {
            case RowValueKind.Null: return default;
            case RowValueKind.Text:
                int count = BinaryPrimitives.ReadInt32LittleEndian(rest);
                return Encoding.UTF8.GetString(Take(4 + count)[4..]);
            case RowValueKind.Real: return BinaryPrimitives.ReadDoubleLittleEndian(Take(8));
            default: return BinaryPrimitives.ReadInt64LittleEndian(Take(8));
        }
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }
}
