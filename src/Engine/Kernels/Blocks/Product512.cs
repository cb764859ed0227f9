using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels.Blocks;

/// <summary>16 rows in the lanes of 512-bit vectors.</summary>
internal readonly unsafe struct Product512<TCode, TScale> : IBlockProduct
    where TCode : struct, IWeightCode
    where TScale : struct, IBlockScale
{
    public static long GroupBytes(int blocks) => BlockLayout<TCode, TScale>.GroupBytes(blocks);

    public static void Store(in BlockParts parts, byte* group, int block, int row) => BlockLayout<TCode, TScale>.Store(parts, group, block, row);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void One(byte* group, int blocks, sbyte* quants, float* sums, float zero, float* result)
    {
        byte* header = group;
        Vector512<float> main = default, offset = default;
        for (int block = 0; block < blocks; block++, quants += 32, sums += Activations.SumsPerBlock)
        {
            if (TScale.HeaderBytes > 0 && block % BlockLayout<TCode, TScale>.BlocksPerHeader == 0)
            {
                header = group;
                group += TScale.HeaderBytes;
            }

            byte* scales = group + TCode.Bytes;
            main = Main(main, TCode.Even512(group, 0), TCode.Odd512(group, 0), TCode.Even512(group, 1), TCode.Odd512(group, 1), TCode.Even512(group, 2), TCode.Odd512(group, 2), TCode.Even512(group, 3), TCode.Odd512(group, 3), header, scales, quants, sums);
            offset = Offset(offset, header, scales, sums);
            group = scales + TScale.Bytes;
        }

        Vector512.FusedMultiplyAdd(offset, Vector512.Create(zero), main).Store(result);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Four(byte* group, int blocks, sbyte* quants, long quantStride, float* sums, long sumStride, float zero, float* result, long resultStride)
    {
        byte* header = group;
        sbyte* q1 = quants + quantStride, q2 = q1 + quantStride, q3 = q2 + quantStride;
        float* s1 = sums + sumStride, s2 = s1 + sumStride, s3 = s2 + sumStride;
        Vector512<float> m0 = default, m1 = default, m2 = default, m3 = default, z0 = default, z1 = default, z2 = default, z3 = default;
        for (int block = 0; block < blocks; block++)
        {
            if (TScale.HeaderBytes > 0 && block % BlockLayout<TCode, TScale>.BlocksPerHeader == 0)
            {
                header = group;
                group += TScale.HeaderBytes;
            }

            byte* scales = group + TCode.Bytes;
            int at = block * 32, sum = block * Activations.SumsPerBlock;
            Vector512<byte> e0 = TCode.Even512(group, 0), o0 = TCode.Odd512(group, 0), e1 = TCode.Even512(group, 1), o1 = TCode.Odd512(group, 1);
            Vector512<byte> e2 = TCode.Even512(group, 2), o2 = TCode.Odd512(group, 2), e3 = TCode.Even512(group, 3), o3 = TCode.Odd512(group, 3);
            m0 = Main(m0, e0, o0, e1, o1, e2, o2, e3, o3, header, scales, quants + at, sums + sum);
            m1 = Main(m1, e0, o0, e1, o1, e2, o2, e3, o3, header, scales, q1 + at, s1 + sum);
            m2 = Main(m2, e0, o0, e1, o1, e2, o2, e3, o3, header, scales, q2 + at, s2 + sum);
            m3 = Main(m3, e0, o0, e1, o1, e2, o2, e3, o3, header, scales, q3 + at, s3 + sum);
            z0 = Offset(z0, header, scales, sums + sum);
            z1 = Offset(z1, header, scales, s1 + sum);
            z2 = Offset(z2, header, scales, s2 + sum);
            z3 = Offset(z3, header, scales, s3 + sum);
            group = scales + TScale.Bytes;
        }

        Vector512<float> zeros = Vector512.Create(zero);
        Vector512.FusedMultiplyAdd(z0, zeros, m0).Store(result);
        Vector512.FusedMultiplyAdd(z1, zeros, m1).Store(result + resultStride);
        Vector512.FusedMultiplyAdd(z2, zeros, m2).Store(result + 2 * resultStride);
        Vector512.FusedMultiplyAdd(z3, zeros, m3).Store(result + 3 * resultStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Main(Vector512<float> sum, Vector512<byte> e0, Vector512<byte> o0, Vector512<byte> e1, Vector512<byte> o1, Vector512<byte> e2, Vector512<byte> o2, Vector512<byte> e3, Vector512<byte> o3, byte* header, byte* scales, sbyte* quants, float* sums)
    {
        Vector512<float> scale = Vector512.Create(sums[0]);
        if (!TScale.PerSixteen) return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(MaddDot512<TCode>.Whole(e0, o0, e1, o1, e2, o2, e3, o3, quants)), TScale.Factor512(header, scales, 0) * scale, sum);
        sum = Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(MaddDot512<TCode>.Half(e0, o0, e1, o1, quants)), TScale.Factor512(header, scales, 0) * scale, sum);
        return Vector512.FusedMultiplyAdd(Vector512.ConvertToSingle(MaddDot512<TCode>.Half(e2, o2, e3, o3, quants + 16)), TScale.Factor512(header, scales, 1) * scale, sum);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Offset(Vector512<float> sum, byte* header, byte* scales, float* sums)
    {
        if (!TScale.PerSixteen) return Vector512.FusedMultiplyAdd(TScale.Offset512(header, scales, 0), Vector512.Create(sums[3]), sum);
        sum = Vector512.FusedMultiplyAdd(TScale.Offset512(header, scales, 0), Vector512.Create(sums[1]), sum);
        return Vector512.FusedMultiplyAdd(TScale.Offset512(header, scales, 1), Vector512.Create(sums[2]), sum);
    }
}
