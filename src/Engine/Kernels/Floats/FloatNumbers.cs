using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Countersign.Engine.Kernels.Blocks;

namespace Countersign.Engine.Kernels.Floats;

/// <summary>binary32.</summary>
internal readonly unsafe struct Binary32 : IFloatNumber
{
    public static int Bytes => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(byte* source) => Vector512.Load((float*)source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(byte* source) => Vector256.Load((float*)source);
}

/// <summary>binary16; all of them must be finite.</summary>
internal readonly unsafe struct Binary16 : IFloatNumber
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(byte* source) => HalfLanes.Load512(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(byte* source) => HalfLanes.Load256(source);
}

/// <summary>bfloat16: the upper half of a binary32.</summary>
internal readonly unsafe struct BFloat16 : IFloatNumber
{
    public static int Bytes => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(byte* source) => (Avx512F.ConvertToVector512Int32(Vector256.Load((ushort*)source)) << 16).AsSingle();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(byte* source) => (Avx2.ConvertToVector256Int32((ushort*)source) << 16).AsSingle();
}
