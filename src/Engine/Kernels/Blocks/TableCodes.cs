using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>The values of IQ4_NL by their 4-bit codes, 128 higher so that they are unsigned.</summary>
internal readonly unsafe struct Iq4Codes : IWeightCode
{
    private static Vector128<byte> Table => Vector128.Create((byte)1, 24, 45, 63, 79, 93, 106, 118, 129, 141, 153, 166, 181, 197, 217, 241);

    public static int Bits => 8;

    public static int Bytes => Nibbles.Bytes;

    public static void Store(byte* codes, byte* block, int row) => Nibbles.Store(codes, block, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Even512(byte* block, int pair) => TableLookup.In(Table, Nibbles.Even512(block, pair));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Odd512(byte* block, int pair) => TableLookup.In(Table, Nibbles.Odd512(block, pair));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Even256(byte* block, int pair, int row) => TableLookup.In(Table, Nibbles.Even256(block, pair, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Odd256(byte* block, int pair, int row) => TableLookup.In(Table, Nibbles.Odd256(block, pair, row));
}

/// <summary>The doubled values of E2M1 (MXFP4) by their 4-bit codes, 12 higher so that they are unsigned.</summary>
internal readonly unsafe struct Mxfp4Codes : IWeightCode
{
    private static Vector128<byte> Table => Vector128.Create((byte)12, 13, 14, 15, 16, 18, 20, 24, 12, 11, 10, 9, 8, 6, 4, 0);

    public static int Bits => 5;

    public static int Bytes => Nibbles.Bytes;

    public static void Store(byte* codes, byte* block, int row) => Nibbles.Store(codes, block, row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Even512(byte* block, int pair) => TableLookup.In(Table, Nibbles.Even512(block, pair));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> Odd512(byte* block, int pair) => TableLookup.In(Table, Nibbles.Odd512(block, pair));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Even256(byte* block, int pair, int row) => TableLookup.In(Table, Nibbles.Even256(block, pair, row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> Odd256(byte* block, int pair, int row) => TableLookup.In(Table, Nibbles.Odd256(block, pair, row));
}

/// <summary>A table of 16 bytes, looked up in every lane.</summary>
internal static class TableLookup
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<byte> In(Vector128<byte> table, Vector512<byte> codes)
    {
        Vector256<byte> half = Vector256.Create(table, table);
        return Avx512BW.Shuffle(Vector512.Create(half, half), codes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<byte> In(Vector128<byte> table, Vector256<byte> codes) => Avx2.Shuffle(Vector256.Create(table, table), codes);
}
