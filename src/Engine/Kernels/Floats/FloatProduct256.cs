using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Floats;

/// <summary>As <see cref="FloatProduct512{TNumber}"/>, one input at a time, with the same order of sums.</summary>
internal static unsafe class FloatProduct256<TNumber>
    where TNumber : struct, IFloatNumber
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* group, int columns, float* input, float* result)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        int step = 16 * TNumber.Bytes, i = 0;
        for (; i <= columns - 4; i += 4, group += 4 * step)
        {
            Add(group, input[i], ref a0, ref b0);
            Add(group + step, input[i + 1], ref a1, ref b1);
            Add(group + 2 * step, input[i + 2], ref a2, ref b2);
            Add(group + 3 * step, input[i + 3], ref a3, ref b3);
        }

        for (; i < columns; i++, group += step) Add(group, input[i], ref a0, ref b0);
        ((a0 + a1) + (a2 + a3)).Store(result);
        ((b0 + b1) + (b2 + b3)).Store(result + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(byte* column, float input, ref Vector256<float> low, ref Vector256<float> high)
    {
        Vector256<float> x = Vector256.Create(input);
        low = Vector256.FusedMultiplyAdd(TNumber.Load256(column), x, low);
        high = Vector256.FusedMultiplyAdd(TNumber.Load256(column + 8 * TNumber.Bytes), x, high);
    }
}
