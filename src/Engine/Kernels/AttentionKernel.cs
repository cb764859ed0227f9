using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Countersign.Engine.Kernels;

/// <summary>Up to 16 query vectors that read the same keys and values, computed in fours. Unused places repeat the last used one.</summary>
internal unsafe struct AttentionTile
{
    public const int Width = 16;
    public const int Step = 4;

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

/// <summary>Softmax attention of one tile over pages of 16 positions. Keys lie as (number, position), so that 16 positions
/// are scored at once without horizontal sums; values lie as (position, number).</summary>
internal static unsafe class AttentionKernel
{
    public const int PageLength = 16;
    private const int PagesAtOnce = 4;

    /// <summary>scores[q, position] = query . key for all positions of the pages from <paramref name="firstPage"/> on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score(ref AttentionTile tile, float** keys, int firstPage, int pages, int length)
    {
        int page = firstPage;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; page + PagesAtOnce <= pages; page += PagesAtOnce)
            {
                for (int first = 0; first < tile.Used; first += AttentionTile.Step) ScoreFourPages(ref tile, keys, page, first, length);
            }
        }

        for (; page < pages; page++)
        {
            for (int first = 0; first < tile.Used; first += AttentionTile.Step) ScorePage(ref tile, keys, page, first, length);
        }
    }

    /// <summary>Scores become weights: scaled, capped, exp, divided by their sum; zero outside of each query's range.</summary>
    public static void Weigh(ref AttentionTile tile, int firstPage, int pages, float scale, float softCap)
    {
        for (int q = 0; q < tile.Used; q++)
        {
            float* row = tile.Scores + (long)q * tile.ScoreStride;
            int begin = tile.Begin[q], count = tile.End[q] - begin;
            VectorMath.Scale(row + begin, row + begin, scale, count);
            if (softCap > 0) for (int i = begin; i < begin + count; i++) row[i] = softCap * MathF.Tanh(row[i] / softCap);
            float sum = VectorMath.Exponentials(row + begin, count, tile.Sinks[q]);
            VectorMath.Scale(row + begin, row + begin, 1f / sum, count);
            new Span<float>(row + firstPage * PageLength, begin - firstPage * PageLength).Clear();
            new Span<float>(row + tile.End[q], pages * PageLength - tile.End[q]).Clear();
        }
    }

    /// <summary>output[q] = sum over positions of weight times value. Positions come in blocks that stay in the first-level cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Mix(ref AttentionTile tile, float** values, int firstPage, int end, int length)
    {
        for (int q = 0; q < tile.Used; q++) new Span<float>(tile.Outputs[q], length).Clear();
        for (int start = firstPage * PageLength; start < end; start += PagesAtOnce * PageLength)
        {
            int stop = Math.Min(end, start + PagesAtOnce * PageLength);
            for (int first = 0; first < tile.Used; first += AttentionTile.Step)
            {
                int column = 0;
                if (Vector512.IsHardwareAccelerated) for (; column <= length - 64; column += 64) MixWide(ref tile, values, start, stop, length, column, first);
                for (; column <= length - 16; column += 16) MixColumns(ref tile, values, start, stop, length, column, first);
                for (; column < length; column++) MixColumn(ref tile, values, start, stop, length, column, first);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreFourPages(ref AttentionTile tile, float** keys, int page, int first, int length)
    {
        float* q0 = tile.Queries[first], q1 = tile.Queries[first + 1], q2 = tile.Queries[first + 2], q3 = tile.Queries[first + 3];
        float* k0 = keys[page], k1 = keys[page + 1], k2 = keys[page + 2], k3 = keys[page + 3];
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        Vector512<float> c0 = default, c1 = default, c2 = default, c3 = default, d0 = default, d1 = default, d2 = default, d3 = default;
        for (int i = 0, at = 0; i < length; i++, at += PageLength)
        {
            Vector512<float> x0 = Vector512.Load(k0 + at), x1 = Vector512.Load(k1 + at), x2 = Vector512.Load(k2 + at), x3 = Vector512.Load(k3 + at);
            Add(Vector512.Create(q0[i]), x0, x1, x2, x3, ref a0, ref a1, ref a2, ref a3);
            Add(Vector512.Create(q1[i]), x0, x1, x2, x3, ref b0, ref b1, ref b2, ref b3);
            Add(Vector512.Create(q2[i]), x0, x1, x2, x3, ref c0, ref c1, ref c2, ref c3);
            Add(Vector512.Create(q3[i]), x0, x1, x2, x3, ref d0, ref d1, ref d2, ref d3);
        }

        float* target = tile.Scores + (long)first * tile.ScoreStride + page * PageLength;
        Put(target, a0, a1, a2, a3);
        Put(target + tile.ScoreStride, b0, b1, b2, b3);
        Put(target + 2 * tile.ScoreStride, c0, c1, c2, c3);
        Put(target + 3 * tile.ScoreStride, d0, d1, d2, d3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScorePage(ref AttentionTile tile, float** keys, int page, int first, int length)
    {
        float* q0 = tile.Queries[first], q1 = tile.Queries[first + 1], q2 = tile.Queries[first + 2], q3 = tile.Queries[first + 3], key = keys[page];
        Vector256<float> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (int i = 0; i < length; i++, key += PageLength)
        {
            Vector256<float> low = Vector256.Load(key), high = Vector256.Load(key + 8);
            Add(Vector256.Create(q0[i]), low, high, ref a0, ref a1);
            Add(Vector256.Create(q1[i]), low, high, ref b0, ref b1);
            Add(Vector256.Create(q2[i]), low, high, ref c0, ref c1);
            Add(Vector256.Create(q3[i]), low, high, ref d0, ref d1);
        }

        float* target = tile.Scores + (long)first * tile.ScoreStride + page * PageLength;
        Put(target, a0, a1);
        Put(target + tile.ScoreStride, b0, b1);
        Put(target + 2 * tile.ScoreStride, c0, c1);
        Put(target + 3 * tile.ScoreStride, d0, d1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixWide(ref AttentionTile tile, float** values, int start, int end, int length, int column, int first)
    {
        float* o0 = tile.Outputs[first] + column, o1 = tile.Outputs[first + 1] + column, o2 = tile.Outputs[first + 2] + column, o3 = tile.Outputs[first + 3] + column;
        Get(o0, out Vector512<float> a0, out Vector512<float> a1, out Vector512<float> a2, out Vector512<float> a3);
        Get(o1, out Vector512<float> b0, out Vector512<float> b1, out Vector512<float> b2, out Vector512<float> b3);
        Get(o2, out Vector512<float> c0, out Vector512<float> c1, out Vector512<float> c2, out Vector512<float> c3);
        Get(o3, out Vector512<float> d0, out Vector512<float> d1, out Vector512<float> d2, out Vector512<float> d3);
        float* w0 = tile.Scores + (long)first * tile.ScoreStride, w1 = w0 + tile.ScoreStride, w2 = w1 + tile.ScoreStride, w3 = w2 + tile.ScoreStride;
        for (int position = start; position < end; position++)
        {
            float* value = values[position / PageLength] + position % PageLength * length + column;
            Get(value, out Vector512<float> x0, out Vector512<float> x1, out Vector512<float> x2, out Vector512<float> x3);
            Add(Vector512.Create(w0[position]), x0, x1, x2, x3, ref a0, ref a1, ref a2, ref a3);
            Add(Vector512.Create(w1[position]), x0, x1, x2, x3, ref b0, ref b1, ref b2, ref b3);
            Add(Vector512.Create(w2[position]), x0, x1, x2, x3, ref c0, ref c1, ref c2, ref c3);
            Add(Vector512.Create(w3[position]), x0, x1, x2, x3, ref d0, ref d1, ref d2, ref d3);
        }

        Put(o3, d0, d1, d2, d3); // The last first: unused places repeat the last used one, whose own place must win.
        Put(o2, c0, c1, c2, c3);
        Put(o1, b0, b1, b2, b3);
        Put(o0, a0, a1, a2, a3);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MixColumns(ref AttentionTile tile, float** values, int start, int end, int length, int column, int first)
    {
        float* o0 = tile.Outputs[first] + column, o1 = tile.Outputs[first + 1] + column, o2 = tile.Outputs[first + 2] + column, o3 = tile.Outputs[first + 3] + column;
        Vector256<float> a0 = Vector256.Load(o0), a1 = Vector256.Load(o0 + 8), b0 = Vector256.Load(o1), b1 = Vector256.Load(o1 + 8);
        Vector256<float> c0 = Vector256.Load(o2), c1 = Vector256.Load(o2 + 8), d0 = Vector256.Load(o3), d1 = Vector256.Load(o3 + 8);
        float* w0 = tile.Scores + (long)first * tile.ScoreStride, w1 = w0 + tile.ScoreStride, w2 = w1 + tile.ScoreStride, w3 = w2 + tile.ScoreStride;
        for (int position = start; position < end; position++)
        {
            float* value = values[position / PageLength] + position % PageLength * length + column;
            Vector256<float> low = Vector256.Load(value), high = Vector256.Load(value + 8);
            Add(Vector256.Create(w0[position]), low, high, ref a0, ref a1);
            Add(Vector256.Create(w1[position]), low, high, ref b0, ref b1);
            Add(Vector256.Create(w2[position]), low, high, ref c0, ref c1);
            Add(Vector256.Create(w3[position]), low, high, ref d0, ref d1);
        }

        Put(o3, d0, d1);
        Put(o2, c0, c1);
        Put(o1, b0, b1);
        Put(o0, a0, a1);
    }

    private static void MixColumn(ref AttentionTile tile, float** values, int start, int end, int length, int column, int first)
    {
        for (int q = first; q < Math.Min(first + AttentionTile.Step, tile.Used); q++)
        {
            float sum = tile.Outputs[q][column];
            for (int p = start; p < end; p++) sum += tile.Scores[(long)q * tile.ScoreStride + p] * values[p / PageLength][p % PageLength * length + column];
            tile.Outputs[q][column] = sum;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector256<float> x, Vector256<float> low, Vector256<float> high, ref Vector256<float> a, ref Vector256<float> b)
    {
        a = Vector256.FusedMultiplyAdd(x, low, a);
        b = Vector256.FusedMultiplyAdd(x, high, b);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(Vector512<float> x, Vector512<float> x0, Vector512<float> x1, Vector512<float> x2, Vector512<float> x3, ref Vector512<float> a, ref Vector512<float> b, ref Vector512<float> c, ref Vector512<float> d)
    {
        a = Vector512.FusedMultiplyAdd(x, x0, a);
        b = Vector512.FusedMultiplyAdd(x, x1, b);
        c = Vector512.FusedMultiplyAdd(x, x2, c);
        d = Vector512.FusedMultiplyAdd(x, x3, d);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Get(float* source, out Vector512<float> a, out Vector512<float> b, out Vector512<float> c, out Vector512<float> d) =>
        (a, b, c, d) = (Vector512.Load(source), Vector512.Load(source + 16), Vector512.Load(source + 32), Vector512.Load(source + 48));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* target, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d)
    {
        a.Store(target);
        b.Store(target + 16);
        c.Store(target + 32);
        d.Store(target + 48);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put(float* target, Vector256<float> low, Vector256<float> high)
    {
        low.Store(target);
        high.Store(target + 8);
    }
}
