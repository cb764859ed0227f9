using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>4 bits: the even line of a pair in the low halves of the bytes, the odd one in the high halves.</summary>
internal readonly unsafe struct Nibbles : IWeightCode
{
    public static int Bits => 4;

    public static int Bytes => 4 * 64;

    public static void Store(byte* codes, byte* block, int row)
    {
        for (int column = 0; column < 32; column++)
        {
            int shift = column / 4 % 2 * 4;
            block[column / 8 * 64 + row * 4 + column % 4] |= (byte)((codes[column] & 15) << shift);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Even512(byte* block, int pair) => Vector512.Load(block + pair * 64) & Vector512.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Odd512(byte* block, int pair) => (Vector512.Load(block + pair * 64).AsUInt16() >>> 4).AsByte() & Vector512.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Even256(byte* block, int pair, int row) => Vector256.Load(block + pair * 64 + row * 4) & Vector256.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Odd256(byte* block, int pair, int row) =>
        (Vector256.Load(block + pair * 64 + row * 4).AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)15);
}
