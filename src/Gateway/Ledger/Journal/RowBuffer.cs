using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Countersign.Gateway.Ledger.Journal;

/// <summary>Rows as bytes: of each its kind, how many values it has, and these, each with its kind before it. All rows of a record stand behind a frame: their length and a check sum.</summary>
internal sealed class RowBuffer : IDisposable
{
    private byte[] bytes = ArrayPool<byte>.Shared.Rent(2048);
    private int length = Frame.Size;

    /// <summary>The rows, without their frame.</summary>
    public ReadOnlySpan<byte> Rows => bytes.AsSpan(Frame.Size, length - Frame.Size);

    public void Add(byte kind, params ReadOnlySpan<RowValue> values)
    {
        int most = 2;
        foreach (ref readonly var value in values) most += value.Text is { } text ? 5 + Encoding.UTF8.GetMaxByteCount(text.Length) : 9;
        var room = Room(most);
        (room[0], room[1]) = (kind, checked((byte)values.Length));
        int at = 2;
        foreach (ref readonly var value in values)
        {
            room[at++] = (byte)value.Kind;
            at += Write(value, room[at..]);
        }

        length += at;
    }

    /// <summary>The record: the frame, then the rows.</summary>
    public ReadOnlySpan<byte> Framed()
    {
        Frame.Write(bytes, Rows);
        return bytes.AsSpan(0, length);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(bytes);

    private static int Write(in RowValue value, Span<byte> room)
    {
        switch (value.Kind)
        {
            case RowValueKind.Null: return 0;
            case RowValueKind.Text:
                int count = Encoding.UTF8.GetBytes(value.Text, room[4..]);
                BinaryPrimitives.WriteInt32LittleEndian(room, count);
                return 4 + count;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(room, value.Integer);
                return 8;
        }
    }

    private Span<byte> Room(int count)
    {
        if (length + count > bytes.Length)
        {
            byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * bytes.Length, length + count));
            bytes.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(bytes);
            bytes = larger;
        }

        return bytes.AsSpan(length);
    }
}
