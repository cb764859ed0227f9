using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>6 bits: <see cref="Nibbles"/>, then two lines of 64 bytes with the upper two bits of four lines each.</summary>
internal readonly unsafe struct SixBits : IWeightCode
{
    private const byte Upper = 48;

    public static int Bits => 6;

    public static int Bytes => Nibbles.Bytes + 2 * 64;

    public static void Store(byte* codes, byte* block, int row)
    {
        Nibbles.Store(codes, block, row);
        for (int column = 0; column < 32; column++)
        {
            block[Nibbles.Bytes + column / 16 * 64 + row * 4 + column % 4] |= (byte)(codes[column] >> 4 << (column / 4 % 4 * 2));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Even512(byte* block, int pair) => Nibbles.Even512(block, pair) | Upper512(block, 2 * pair);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Odd512(byte* block, int pair) => Nibbles.Odd512(block, pair) | Upper512(block, 2 * pair + 1);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Even256(byte* block, int pair, int row) => Nibbles.Even256(block, pair, row) | Upper256(block, 2 * pair, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Odd256(byte* block, int pair, int row) => Nibbles.Odd256(block, pair, row) | Upper256(block, 2 * pair + 1, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<byte> Upper512(byte* block, int line)
    {
        Vector512<ushort> bits = Vector512.Load(block + Nibbles.Bytes + line / 4 * 64).AsUInt16();
        return (line % 4 < 2 ? bits << (4 - line % 4 * 2) : bits >>> (line % 4 * 2 - 4)).AsByte() & Vector512.Create(Upper);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Upper256(byte* block, int line, int row)
    {
        Vector256<ushort> bits = Vector256.Load(block + Nibbles.Bytes + line / 4 * 64 + row * 4).AsUInt16();
        return (line % 4 < 2 ? bits << (4 - line % 4 * 2) : bits >>> (line % 4 * 2 - 4)).AsByte() & Vector256.Create(Upper);
    }
}
