using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>Twice eight rows in the lanes of 256-bit vectors.</summary>
internal readonly unsafe struct Product256<TCode, TScale, TDot> : IBlockProduct
    where TCode : struct, IWeightCode
    where TScale : struct, IBlockScale
    where TDot : struct, IBlockDot256
{
    public static long GroupBytes(int blocks) => BlockLayout<TCode, TScale>.GroupBytes(blocks);

    public static void Store(in BlockParts parts, byte* group, int block, int row) => BlockLayout<TCode, TScale>.Store(parts, group, block, row);

    public static void One(byte* group, int blocks, sbyte* quants, float* sums, float zero, float* result)
    {
        for (int row = 0; row < 16; row += 8) One(group, row, blocks, quants, sums, zero, result + row);
    }

    public static void Four(byte* group, int blocks, sbyte* quants, long quantStride, float* sums, long sumStride, float zero, float* result, long resultStride)
    {
        for (int row = 0; row < 16; row += 8) Four(group, row, blocks, quants, quantStride, sums, sumStride, zero, result + row, resultStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(byte* group, int row, int blocks, sbyte* quants, float* sums, float zero, float* result)
    {
        byte* header = group;
        Vector256<float> main = default, offset = default;
        for (int block = 0; block < blocks; block++, quants += 32, sums += Activations.SumsPerBlock)
        {
            if (TScale.HeaderBytes > 0 && block % BlockLayout<TCode, TScale>.BlocksPerHeader == 0)
            {
                header = group;
                group += TScale.HeaderBytes;
            }

            byte* scales = group + TCode.Bytes;
            main = Main(main, TCode.Even256(group, 0, row), TCode.Odd256(group, 0, row), TCode.Even256(group, 1, row), TCode.Odd256(group, 1, row), TCode.Even256(group, 2, row), TCode.Odd256(group, 2, row), TCode.Even256(group, 3, row), TCode.Odd256(group, 3, row), header, scales, row, quants, sums);
            offset = Offset(offset, header, scales, row, sums);
            group = scales + TScale.Bytes;
        }

        Vector256.FusedMultiplyAdd(offset, Vector256.Create(zero), main).Store(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(byte* group, int row, int blocks, sbyte* quants, long quantStride, float* sums, long sumStride, float zero, float* result, long resultStride)
    {
        byte* header = group;
        sbyte* q1 = quants + quantStride, q2 = q1 + quantStride, q3 = q2 + quantStride;
        float* s1 = sums + sumStride, s2 = s1 + sumStride, s3 = s2 + sumStride;
        Vector256<float> m0 = default, m1 = default, m2 = default, m3 = default, z0 = default, z1 = default, z2 = default, z3 = default;
        for (int block = 0; block < blocks; block++)
        {
            if (TScale.HeaderBytes > 0 && block % BlockLayout<TCode, TScale>.BlocksPerHeader == 0)
            {
                header = group;
                group += TScale.HeaderBytes;
            }

            byte* scales = group + TCode.Bytes;
            int at = block * 32, sum = block * Activations.SumsPerBlock;
            Vector256<byte> e0 = TCode.Even256(group, 0, row), o0 = TCode.Odd256(group, 0, row), e1 = TCode.Even256(group, 1, row), o1 = TCode.Odd256(group, 1, row);
            Vector256<byte> e2 = TCode.Even256(group, 2, row), o2 = TCode.Odd256(group, 2, row), e3 = TCode.Even256(group, 3, row), o3 = TCode.Odd256(group, 3, row);
            m0 = Main(m0, e0, o0, e1, o1, e2, o2, e3, o3, header, scales, row, quants + at, sums + sum);
            m1 = Main(m1, e0, o0, e1, o1, e2, o2, e3, o3, header, scales, row, q1 + at, s1 + sum);
            m2 = Main(m2, e0, o0, e1, o1, e2, o2, e3, o3, header, scales, row, q2 + at, s2 + sum);
            m3 = Main(m3, e0, o0, e1, o1, e2, o2, e3, o3, header, scales, row, q3 + at, s3 + sum);
            z0 = Offset(z0, header, scales, row, sums + sum);
            z1 = Offset(z1, header, scales, row, s1 + sum);
            z2 = Offset(z2, header, scales, row, s2 + sum);
            z3 = Offset(z3, header, scales, row, s3 + sum);
            group = scales + TScale.Bytes;
        }

        Vector256<float> zeros = Vector256.Create(zero);
        Vector256.FusedMultiplyAdd(z0, zeros, m0).Store(result);
        Vector256.FusedMultiplyAdd(z1, zeros, m1).Store(result + resultStride);
        Vector256.FusedMultiplyAdd(z2, zeros, m2).Store(result + 2 * resultStride);
        Vector256.FusedMultiplyAdd(z3, zeros, m3).Store(result + 3 * resultStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Main(Vector256<float> sum, Vector256<byte> e0, Vector256<byte> o0, Vector256<byte> e1, Vector256<byte> o1, Vector256<byte> e2, Vector256<byte> o2, Vector256<byte> e3, Vector256<byte> o3, byte* header, byte* scales, int row, sbyte* quants, float* sums)
    {
        Vector256<float> scale = Vector256.Create(sums[0]);
        if (!TScale.PerSixteen) return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(TDot.Whole(e0, o0, e1, o1, e2, o2, e3, o3, quants)), TScale.Factor256(header, scales, 0, row) * scale, sum);
        sum = Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(TDot.Half(e0, o0, e1, o1, quants)), TScale.Factor256(header, scales, 0, row) * scale, sum);
        return Vector256.FusedMultiplyAdd(Vector256.ConvertToSingle(TDot.Half(e2, o2, e3, o3, quants + 16)), TScale.Factor256(header, scales, 1, row) * scale, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Offset(Vector256<float> sum, byte* header, byte* scales, int row, float* sums)
    {
        if (!TScale.PerSixteen) return Vector256.FusedMultiplyAdd(TScale.Offset256(header, scales, 0, row), Vector256.Create(sums[3]), sum);
        sum = Vector256.FusedMultiplyAdd(TScale.Offset256(header, scales, 0, row), Vector256.Create(sums[1]), sum);
        return Vector256.FusedMultiplyAdd(TScale.Offset256(header, scales, 1, row), Vector256.Create(sums[2]), sum);
    }
}
