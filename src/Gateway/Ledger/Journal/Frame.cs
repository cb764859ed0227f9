using System.Buffers.Binary;
using System.Numerics;

namespace Countersign.Gateway.Ledger.Journal;

/// <summary>What stands before a record, so that one that was cut off by a death is known as such: its length in bytes and the CRC-32C of its bytes, four bytes each, least significant first.</summary>
internal static class Frame
{
    public const int Size = 8;

    /// <summary>Writes the frame of <paramref name="record"/>.</summary>
    public static void Write(Span<byte> frame, ReadOnlySpan<byte> record)
    {
        BinaryPrimitives.WriteInt32LittleEndian(frame, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Sum(record));
    }

    /// <summary>Takes the next whole record off <paramref name="bytes"/>; <c>false</c> at the end, and where what follows is no whole record.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> record)
    {
        record = default;
        if (bytes.Length < Size) return false;
        int length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length <= 0 || length > bytes.Length - Size) return false;
        record = bytes.Slice(Size, length);
        if (Sum(record) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..])) return false;
        bytes = bytes[(Size + length)..];
        return true;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes)
    {
        uint sum = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..]) sum = BitOperations.Crc32C(sum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        foreach (byte left in bytes) sum = BitOperations.Crc32C(sum, left);
        return ~sum;
    }
}
