using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>Eight dot products of unsigned weights with signed inputs by <c>vpmaddubsw</c>, which adds pairs of products into 16 bits. They are
/// summed there as long as they fit (pairs of lines: four at 4 bits, two at 5, one at 6), since that is cheaper than going to 32 bits.</summary>
internal readonly unsafe struct MaddDot256<TCode> : IBlockDot256
    where TCode : struct, IWeightCode
{
    /// <summary>All 32 columns; e and o are the even and odd lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Whole(Vector256<byte> e0, Vector256<byte> o0, Vector256<byte> e1, Vector256<byte> o1, Vector256<byte> e2, Vector256<byte> o2, Vector256<byte> e3, Vector256<byte> o3, sbyte* input) =>
        TCode.Bits == 4
            ? Wide(Pair(e0, o0, input) + Pair(e1, o1, input + 8) + (Pair(e2, o2, input + 16) + Pair(e3, o3, input + 24)))
            : Half(e0, o0, e1, o1, input) + Half(e2, o2, e3, o3, input + 16);

    /// <summary>16 columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Half(Vector256<byte> e0, Vector256<byte> o0, Vector256<byte> e1, Vector256<byte> o1, sbyte* input)
    {
        if (TCode.Bits <= 5) return Wide(Pair(e0, o0, input) + Pair(e1, o1, input + 8));
        if (TCode.Bits == 6) return Wide(Pair(e0, o0, input)) + Wide(Pair(e1, o1, input + 8));
        Vector256<short> low = Pair(Low(e0), Low(o0), input) + Pair(Low(e1), Low(o1), input + 8);
        Vector256<short> high = Pair(High(e0), High(o0), input) + Pair(High(e1), High(o1), input + 8);
        return Wide(low) + Avx2.MultiplyAddAdjacent(high, Vector256.Create((short)16));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Pair(Vector256<byte> even, Vector256<byte> odd, sbyte* input) =>
        Avx2.MultiplyAddAdjacent(even, Vector256.Create(*(int*)input).AsSByte()) + Avx2.MultiplyAddAdjacent(odd, Vector256.Create(*(int*)(input + 4)).AsSByte());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Wide(Vector256<short> sums) => Avx2.MultiplyAddAdjacent(sums, Vector256.Create((short)1));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Low(Vector256<byte> value) => value & Vector256.Create((byte)15);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> High(Vector256<byte> value) => (value.AsUInt16() >>> 4).AsByte() & Vector256.Create((byte)15);
}
