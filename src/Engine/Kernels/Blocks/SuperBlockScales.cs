using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>Q4_K and Q5_K: a byte of scale and a byte of minimum for each row, times two binary16 numbers for eight blocks. The minimum is subtracted.</summary>
internal readonly unsafe struct SuperBlockScale : IBlockScale
{
    public static int HeaderBytes => 64;

    public static int Bytes => 32;

    public static bool PerSixteen => false;

    public static void Store(in BlockParts parts, byte* header, byte* scales, int row)
    {
        (((ushort*)header)[row], ((ushort*)header)[16 + row]) = (parts.Scale, parts.Minimum);
        (scales[row], scales[16 + row]) = (parts.First, parts.Second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Factor512(byte* header, byte* scales, int part) => HalfLanes.Load512(header) * Wide512(scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Offset512(byte* header, byte* scales, int part) => HalfLanes.Load512(header + 32) * Wide512(scales + 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Factor256(byte* header, byte* scales, int part, int row) => HalfLanes.Load256(header + 2 * row) * Wide256(scales + row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Offset256(byte* header, byte* scales, int part, int row) => HalfLanes.Load256(header + 32 + 2 * row) * Wide256(scales + 16 + row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Wide512(byte* bytes) => Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load(bytes)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Wide256(byte* bytes) => Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32(bytes));
}

/// <summary>Q6_K: a signed byte of scale for each row and 16 columns, times a binary16 number for eight blocks.</summary>
internal readonly unsafe struct SixteenScale : IBlockScale
{
    public static int HeaderBytes => 32;

    public static int Bytes => 32;

    public static bool PerSixteen => true;

    public static void Store(in BlockParts parts, byte* header, byte* scales, int row)
    {
        ((ushort*)header)[row] = parts.Scale;
        (scales[row], scales[16 + row]) = (parts.First, parts.Second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Factor512(byte* header, byte* scales, int part) =>
        HalfLanes.Load512(header) * Vector512.ConvertToSingle(Avx512F.ConvertToVector512Int32(Vector128.Load((sbyte*)scales + 16 * part)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Offset512(byte* header, byte* scales, int part) => Factor512(header, scales, part);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Factor256(byte* header, byte* scales, int part, int row) =>
        HalfLanes.Load256(header + 2 * row) * Vector256.ConvertToSingle(Avx2.ConvertToVector256Int32((sbyte*)scales + 16 * part + row));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Offset256(byte* header, byte* scales, int part, int row) => Factor256(header, scales, part, row);
}
