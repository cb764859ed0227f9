using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Countersign.Engine.Kernels;

/// <summary>Rotates pairs of numbers in place, as rotary embeddings do.</summary>
internal static unsafe class Rotation
{
    /// <summary>Pair <c>i</c> is numbers <c>i</c> and <c>i + half</c>; all cosines stand before all sines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Halves(float* head, float* angles, int half)
    {
        int i = 0;
        for (; i <= half - 8; i += 8)
        {
            Vector256<float> first = Vector256.Load(head + i), second = Vector256.Load(head + half + i);
            Vector256<float> cosine = Vector256.Load(angles + i), sine = Vector256.Load(angles + half + i);
            (first * cosine - second * sine).Store(head + i);
            (first * sine + second * cosine).Store(head + half + i);
        }

        for (; i < half; i++) Pair(head + i, head + half + i, angles[i], angles[half + i]);
    }

    /// <summary>Pair <c>i</c> is numbers <c>2i</c> and <c>2i + 1</c>, and so lie cosine and sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Neighbours(float* head, float* angles, int half)
    {
        int i = 0;
        if (Fma.IsSupported)
        {
            for (; i <= half - 4; i += 4)
            {
                Vector256<float> pairs = Vector256.Load(head + 2 * i), angle = Vector256.Load(angles + 2 * i);
                Vector256<float> crossed = Avx.Permute(pairs, 0b10110001) * Avx.DuplicateOddIndexed(angle);
                Fma.MultiplyAddSubtract(pairs, Avx.DuplicateEvenIndexed(angle), crossed).Store(head + 2 * i);
            }
        }

        for (; i < half; i++) Pair(head + 2 * i, head + 2 * i + 1, angles[2 * i], angles[2 * i + 1]);
    }

    private static void Pair(float* first, float* second, float cosine, float sine) =>
        (*first, *second) = (*first * cosine - *second * sine, *first * sine + *second * cosine);
}
