using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>Finite binary16 numbers to binary32: the bits are moved to their places, and a multiplication mends the exponent,
/// also of subnormal numbers. (.NET has no intrinsic for <c>vcvtph2ps</c>.)</summary>
internal static unsafe class HalfLanes
{
    private const float ExponentGap = 5.192296858534828e33f; // 2^112, the difference of the two exponent biases
    private const int SignAndNumber = unchecked((int)0x8FFFE000);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load512(byte* halves)
    {
        Vector512<int> wide = Avx512F.ConvertToVector512Int32(Vector256.Load((short*)halves));
        return ((wide << 13) & Vector512.Create(SignAndNumber)).AsSingle() * Vector512.Create(ExponentGap);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load256(byte* halves)
    {
        Vector256<int> wide = Avx2.ConvertToVector256Int32((short*)halves);
        return ((wide << 13) & Vector256.Create(SignAndNumber)).AsSingle() * Vector256.Create(ExponentGap);
    }
}
