using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>8 bits, a byte for each weight.</summary>
internal readonly unsafe struct EightBits : IWeightCode
{
    public static int Bits => 8;

    public static int Bytes => 8 * 64;

    public static void Store(byte* codes, byte* block, int row)
    {
        for (int column = 0; column < 32; column++) block[column / 4 * 64 + row * 4 + column % 4] = codes[column];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Even512(byte* block, int pair) => Vector512.Load(block + pair * 128);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Odd512(byte* block, int pair) => Vector512.Load(block + pair * 128 + 64);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Even256(byte* block, int pair, int row) => Vector256.Load(block + pair * 128 + row * 4);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Odd256(byte* block, int pair, int row) => Vector256.Load(block + pair * 128 + 64 + row * 4);
}
