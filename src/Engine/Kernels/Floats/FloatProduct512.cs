using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Floats;

/// <summary>16 rows with one or four inputs. Columns go to four running sums in turn, in both alike, so that the results are the same bits.</summary>
internal static unsafe class FloatProduct512<TNumber>
    where TNumber : struct, IFloatNumber
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* group, int columns, float* input, float* result)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default;
        int step = 16 * TNumber.Bytes, i = 0;
        for (; i <= columns - 4; i += 4, group += 4 * step)
        {
            a0 = Vector512.FusedMultiplyAdd(TNumber.Load512(group), Vector512.Create(input[i]), a0);
            a1 = Vector512.FusedMultiplyAdd(TNumber.Load512(group + step), Vector512.Create(input[i + 1]), a1);
            a2 = Vector512.FusedMultiplyAdd(TNumber.Load512(group + 2 * step), Vector512.Create(input[i + 2]), a2);
            a3 = Vector512.FusedMultiplyAdd(TNumber.Load512(group + 3 * step), Vector512.Create(input[i + 3]), a3);
        }

        for (; i < columns; i++, group += step) a0 = Vector512.FusedMultiplyAdd(TNumber.Load512(group), Vector512.Create(input[i]), a0);
        ((a0 + a1) + (a2 + a3)).Store(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* group, int columns, float* input, long stride, float* result, long resultStride)
    {
        float* in1 = input + stride, in2 = in1 + stride, in3 = in2 + stride;
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        int step = 16 * TNumber.Bytes, i = 0;
        for (; i <= columns - 4; i += 4, group += 4 * step)
        {
            Add(TNumber.Load512(group), input + i, in1 + i, in2 + i, in3 + i, ref a0, ref b0, ref c0, ref d0);
            Add(TNumber.Load512(group + step), input + i + 1, in1 + i + 1, in2 + i + 1, in3 + i + 1, ref a1, ref b1, ref c1, ref d1);
            Add(TNumber.Load512(group + 2 * step), input + i + 2, in1 + i + 2, in2 + i + 2, in3 + i + 2, ref a2, ref b2, ref c2, ref d2);
            Add(TNumber.Load512(group + 3 * step), input + i + 3, in1 + i + 3, in2 + i + 3, in3 + i + 3, ref a3, ref b3, ref c3, ref d3);
        }

        for (; i < columns; i++, group += step) Add(TNumber.Load512(group), input + i, in1 + i, in2 + i, in3 + i, ref a0, ref b0, ref c0, ref d0);
        ((a0 + a1) + (a2 + a3)).Store(result);
        ((b0 + b1) + (b2 + b3)).Store(result + resultStride);
        ((c0 + c1) + (c2 + c3)).Store(result + 2 * resultStride);
        ((d0 + d1) + (d2 + d3)).Store(result + 3 * resultStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float> weights, float* in0, float* in1, float* in2, float* in3, ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        a = Vector512.FusedMultiplyAdd(weights, Vector512.Create(*in0), a);
        b = Vector512.FusedMultiplyAdd(weights, Vector512.Create(*in1), b);
        c = Vector512.FusedMultiplyAdd(weights, Vector512.Create(*in2), c);
        d = Vector512.FusedMultiplyAdd(weights, Vector512.Create(*in3), d);
    }
}
