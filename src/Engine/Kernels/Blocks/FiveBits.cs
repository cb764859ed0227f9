using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>5 bits: <see cref="Nibbles"/>, then 64 bytes of fifth bits, in which bit <c>n</c> belongs to line <c>n</c>.</summary>
internal readonly unsafe struct FiveBits : IWeightCode
{
    private const byte Fifth = 16;

    public static int Bits => 5;

    public static int Bytes => Nibbles.Bytes + 64;

    public static void Store(byte* codes, byte* block, int row)
    {
        Nibbles.Store(codes, block, row);
        for (int column = 0; column < 32; column++) block[Nibbles.Bytes + row * 4 + column % 4] |= (byte)(codes[column] >> 4 << (column / 4));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Even512(byte* block, int pair) => Nibbles.Even512(block, pair) | Fifth512(block, 2 * pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Odd512(byte* block, int pair) => Nibbles.Odd512(block, pair) | Fifth512(block, 2 * pair + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Even256(byte* block, int pair, int row) => Nibbles.Even256(block, pair, row) | Fifth256(block, 2 * pair, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Odd256(byte* block, int pair, int row) => Nibbles.Odd256(block, pair, row) | Fifth256(block, 2 * pair + 1, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Fifth512(byte* block, int line)
    {
        Vector512<ushort> bits = Vector512.Load(block + Nibbles.Bytes).AsUInt16();
        return (line < 4 ? bits << (4 - line) : bits >>> (line - 4)).AsByte() & Vector512.Create(Fifth);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Fifth256(byte* block, int line, int row)
    {
        Vector256<ushort> bits = Vector256.Load(block + Nibbles.Bytes + row * 4).AsUInt16();
        return (line < 4 ? bits << (4 - line) : bits >>> (line - 4)).AsByte() & Vector256.Create(Fifth);
    }
}
