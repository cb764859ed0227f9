using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>A binary16 scale for each row (Q4_0, Q5_0, Q8_0, IQ4_NL).</summary>
internal readonly unsafe struct HalfScale : IBlockScale
{
    public static int HeaderBytes => 0;

    public static int Bytes => 32;

    public static bool PerSixteen => false;

    public static void Store(in BlockParts parts, byte* header, byte* scales, int row) => ((ushort*)scales)[row] = parts.Scale;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Factor512(byte* header, byte* scales, int part) => HalfLanes.Load512(scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Offset512(byte* header, byte* scales, int part) => HalfLanes.Load512(scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Factor256(byte* header, byte* scales, int part, int row) => HalfLanes.Load256(scales + 2 * row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Offset256(byte* header, byte* scales, int part, int row) => HalfLanes.Load256(scales + 2 * row);
}

/// <summary>A binary16 scale and a binary16 minimum for each row (Q4_1, Q5_1).</summary>
internal readonly unsafe struct HalfScaleAndMinimum : IBlockScale
{
    public static int HeaderBytes => 0;

    public static int Bytes => 64;

    public static bool PerSixteen => false;

    public static void Store(in BlockParts parts, byte* header, byte* scales, int row) =>
        (((ushort*)scales)[row], ((ushort*)scales)[16 + row]) = (parts.Scale, parts.Minimum);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Factor512(byte* header, byte* scales, int part) => HalfLanes.Load512(scales);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Offset512(byte* header, byte* scales, int part) => HalfLanes.Load512(scales + 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Factor256(byte* header, byte* scales, int part, int row) => HalfLanes.Load256(scales + 2 * row);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Offset256(byte* header, byte* scales, int part, int row) => HalfLanes.Load256(scales + 32 + 2 * row);
}
