using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>By <c>vpdpbusd</c>, which adds four products into 32 bits and never overflows.</summary>
internal readonly unsafe struct VnniDot : IBlockDot256
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Whole(Vector256<byte> e0, Vector256<byte> o0, Vector256<byte> e1, Vector256<byte> o1, Vector256<byte> e2, Vector256<byte> o2, Vector256<byte> e3, Vector256<byte> o3, sbyte* input) =>
        Half(e0, o0, e1, o1, input) + Half(e2, o2, e3, o3, input + 16);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Half(Vector256<byte> e0, Vector256<byte> o0, Vector256<byte> e1, Vector256<byte> o1, sbyte* input)
    {
        Vector256<int> sum = AvxVnni.MultiplyWideningAndAdd(Vector256<int>.Zero, e0, Input(input));
        sum = AvxVnni.MultiplyWideningAndAdd(sum, o0, Input(input + 4));
        sum = AvxVnni.MultiplyWideningAndAdd(sum, e1, Input(input + 8));
        return AvxVnni.MultiplyWideningAndAdd(sum, o1, Input(input + 12));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<sbyte> Input(sbyte* input) => Vector256.Create(*(int*)input).AsSByte();
}
