using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels;

/// <summary>Four query vectors that read the same keys and values. Unused places repeat the last used one.</summary>
internal unsafe struct AttentionTile
{
    public const int Width = 4;

    public int Used;
    public float*[] Queries;
    public float*[] Outputs;
    public int[] Begin;
    public int[] End;
    public float?[] Sinks;
    public float* Scores; // (Width, ScoreStride)
    public int ScoreStride;

    public static AttentionTile Create() => new()
    {
        Queries = new float*[Width],
        Outputs = new float*[Width],
        Begin = new int[Width],
        End = new int[Width],
        Sinks = new float?[Width],
    };
}

/// <summary>Softmax attention of one tile over pages of 16 positions. Keys lie as (number, position), so that eight positions
/// are scored at once without horizontal sums; values lie as (position, number).</summary>
internal static unsafe class AttentionKernel
{
    public const int PageLength = 16;

    /// <summary>scores[q, position] = query . key for all positions of the pages from <paramref name="firstPage"/> on.</summary>
    public static void Score(ref AttentionTile tile, float** keys, int firstPage, int pages, int length)
    {
        float* q0 = tile.Queries[0], q1 = tile.Queries[1], q2 = tile.Queries[2], q3 = tile.Queries[3];
        for (int page = firstPage; page < pages; page++)
        {
            float* key = keys[page];
            Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
            for (int i = 0; i < length; i++, key += PageLength)
            {
                Vector256<float> low = Vector256.Load(key), high = Vector256.Load(key + 8);
                Vector256<float> x = Vector256.Create(q0[i]);
                a0 = Vector256.FusedMultiplyAdd(x, low, a0);
                a1 = Vector256.FusedMultiplyAdd(x, high, a1);
                x = Vector256.Create(q1[i]);
                b0 = Vector256.FusedMultiplyAdd(x, low, b0);
                b1 = Vector256.FusedMultiplyAdd(x, high, b1);
                x = Vector256.Create(q2[i]);
                c0 = Vector256.FusedMultiplyAdd(x, low, c0);
                c1 = Vector256.FusedMultiplyAdd(x, high, c1);
                x = Vector256.Create(q3[i]);
                d0 = Vector256.FusedMultiplyAdd(x, low, d0);
                d1 = Vector256.FusedMultiplyAdd(x, high, d1);
            }

            float* target = tile.Scores + page * PageLength;
            Put(target, a0, a1);
            Put(target + tile.ScoreStride, b0, b1);
            Put(target + 2 * tile.ScoreStride, c0, c1);
            Put(target + 3 * tile.ScoreStride, d0, d1);
        }
    }

    /// <summary>Scores become weights: scaled, capped, exp, divided by their sum; zero outside of each query's range.</summary>
    public static void Weigh(ref AttentionTile tile, int firstPage, int pages, float scale, float softCap)
    {
        for (int q = 0; q < tile.Used; q++)
        {
            float* row = tile.Scores + q * tile.ScoreStride;
            int begin = tile.Begin[q], count = tile.End[q] - begin;
            VectorMath.Scale(row + begin, row + begin, scale, count);
            if (softCap > 0) for (int i = begin; i < begin + count; i++) row[i] = softCap * MathF.Tanh(row[i] / softCap);
            float sum = VectorMath.Exponentials(row + begin, count, tile.Sinks[q]);
            VectorMath.Scale(row + begin, row + begin, 1f / sum, count);
            new Span<float>(row + firstPage * PageLength, begin - firstPage * PageLength).Clear();
            new Span<float>(row + tile.End[q], pages * PageLength - tile.End[q]).Clear();
        }
    }

    /// <summary>output[q] = sum over positions of weight times value.</summary>
    public static void Mix(ref AttentionTile tile, float** values, int firstPage, int end, int length)
    {
        int column = 0;
        for (; column <= length - 16; column += 16) MixColumns(ref tile, values, firstPage, end, length, column);
        for (; column < length; column++)
        {
            for (int q = 0; q < tile.Used; q++)
            {
                float sum = 0;
                for (int p = firstPage * PageLength; p < end; p++) sum += tile.Scores[q * tile.ScoreStride + p] * values[p / PageLength][p % PageLength * length + column];
                tile.Outputs[q][column] = sum;
            }
        }
    }

    private static void MixColumns(ref AttentionTile tile, float** values, int firstPage, int end, int length, int column)
    {
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (int start = firstPage * PageLength; start < end; start += PageLength)
        {
            float* value = values[start / PageLength] + column;
            float* weight = tile.Scores + start;
            int stride = tile.ScoreStride, count = Math.Min(PageLength, end - start);
            for (int p = 0; p < count; p++, value += length, weight++)
            {
                Vector256<float> low = Vector256.Load(value), high = Vector256.Load(value + 8);
                Vector256<float> x = Vector256.Create(weight[0]);
                a0 = Vector256.FusedMultiplyAdd(x, low, a0);
                a1 = Vector256.FusedMultiplyAdd(x, high, a1);
                x = Vector256.Create(weight[stride]);
                b0 = Vector256.FusedMultiplyAdd(x, low, b0);
                b1 = Vector256.FusedMultiplyAdd(x, high, b1);
                x = Vector256.Create(weight[2 * stride]);
                c0 = Vector256.FusedMultiplyAdd(x, low, c0);
                c1 = Vector256.FusedMultiplyAdd(x, high, c1);
                x = Vector256.Create(weight[3 * stride]);
                d0 = Vector256.FusedMultiplyAdd(x, low, d0);
                d1 = Vector256.FusedMultiplyAdd(x, high, d1);
            }
        }

        Put(tile.Outputs[0] + column, a0, a1);
        if (tile.Used > 1) Put(tile.Outputs[1] + column, b0, b1);
        if (tile.Used > 2) Put(tile.Outputs[2] + column, c0, c1);
        if (tile.Used > 3) Put(tile.Outputs[3] + column, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* target, Vector256<float> low, Vector256<float> high)
    {
        low.Store(target);
        high.Store(target + 8);
    }
}
