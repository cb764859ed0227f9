using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>MXFP4: an exponent (E8M0) for each row; half of its power of two, as the values are doubled. 2^-127 and less count as zero.</summary>
internal readonly unsafe struct PowerScale : IBlockScale
{
    public static int HeaderBytes => 0;

    public static int Bytes => 16;

    public static bool PerSixteen => false;

    public static void Store(in BlockParts parts, byte* header, byte* scales, int row) => scales[row] = (byte)Math.Max(parts.First - 1, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Factor512(byte* header, byte* scales, int part) => (Avx512F.ConvertToVector512Int32(Vector128.Load(scales)) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Offset512(byte* header, byte* scales, int part) => Factor512(header, scales, part);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Factor256(byte* header, byte* scales, int part, int row) => (Avx2.ConvertToVector256Int32(scales + row) << 23).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Offset256(byte* header, byte* scales, int part, int row) => Factor256(header, scales, part, row);
}
