using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Countersign.Engine.Kernels;

/// <summary>Rounds input vectors to 8 bits, one scale for every 32 numbers. A NaN or infinity makes the block's scale
/// NaN, so that it is seen in the result.</summary>
internal static unsafe class ActivationRounding
{
    /// <param name="source">Numbers.</param>
    /// <param name="count">How many; the last block is filled up with zeros.</param>
    /// <param name="target">Whole blocks of 32.</param>
    /// <param name="sums">For each block the scale, then the sums of the rounded numbers: of the first 16, the others, and all.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToQ8(float* source, int count, sbyte* target, float* sums)
    {
        for (int start = 0; start < count; start += Activations.Block, sums += Activations.SumsPerBlock)
        {
            int length = Math.Min(Activations.Block, count - start);
            float largest = Largest(source + start, length);
            float scale = largest * (1f / 127f), inverse = largest > 0 ? 127f / largest : 0;
            var (low, high) = length == Activations.Block && Avx2.IsSupported
                ? Whole(source + start, target + start, inverse)
                : Part(source + start, target + start, inverse, length);
            (sums[0], sums[1], sums[2], sums[3]) = (scale, scale * low, scale * high, scale * (low + high));
        }
    }

    private static float Largest(float* source, int count)
    {
        if (count == Activations.Block && Avx2.IsSupported)
        {
            Vector256<float> most = Vector256.Max(
                Vector256.Max(Vector256.Abs(Vector256.Load(source)), Vector256.Abs(Vector256.Load(source + 8))),
                Vector256.Max(Vector256.Abs(Vector256.Load(source + 16)), Vector256.Abs(Vector256.Load(source + 24))));
            Vector128<float> half = Vector128.Max(most.GetLower(), most.GetUpper());
            half = Vector128.Max(half, Vector128.Shuffle(half, Vector128.Create(2, 3, 0, 1)));
            return MathF.Max(half[0], half[1]);
        }

        float largest = 0;
        for (int i = 0; i < count; i++) largest = MathF.Max(largest, MathF.Abs(source[i]));
        return largest;
    }

    private static (int Low, int High) Part(float* source, sbyte* target, float inverse, int length)
    {
        int low = 0, all = 0;
        for (int i = 0; i < Activations.Block; i++)
        {
            int value = i < length && float.IsFinite(inverse) ? (int)MathF.Round(source[i] * inverse) : 0;
            target[i] = (sbyte)value;
            all += value;
            if (i < Activations.Block / 2) low = all;
        }

        return (low, all - low);
    }

    private static (int Low, int High) Whole(float* source, sbyte* target, float inverse)
    {
        Vector256<float> factor = Vector256.Create(inverse);
        Vector256<int> a = Avx.ConvertToVector256Int32(Vector256.Load(source) * factor);
        Vector256<int> b = Avx.ConvertToVector256Int32(Vector256.Load(source + 8) * factor);
        Vector256<int> c = Avx.ConvertToVector256Int32(Vector256.Load(source + 16) * factor);
        Vector256<int> d = Avx.ConvertToVector256Int32(Vector256.Load(source + 24) * factor);
        Vector256<sbyte> packed = Avx2.PackSignedSaturate(Avx2.PackSignedSaturate(a, b), Avx2.PackSignedSaturate(c, d));
        packed = Avx2.PermuteVar8x32(packed.AsInt32(), Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7)).AsSByte();
        packed.Store(target);
        const int Bias = 128, Half = Activations.Block / 2;
        Vector256<long> sums = Avx2.SumAbsoluteDifferences(packed.AsByte() ^ Vector256.Create((byte)Bias), Vector256<byte>.Zero).AsInt64();
        return ((int)(sums[0] + sums[1]) - Half * Bias, (int)(sums[2] + sums[3]) - Half * Bias);
    }
}
