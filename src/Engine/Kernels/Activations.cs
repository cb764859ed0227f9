using Countersign.Engine.Tensors;

namespace Countersign.Engine.Kernels;

/// <summary>In which form a kernel takes its input vectors.</summary>
internal enum ActivationFormat
{
    /// <summary>binary32, as they are.</summary>
    F32,

    /// <summary>8 bits with one scale for every 32, and their sums.</summary>
    Q8,
}

/// <summary>The input of one or several matrix products: <see cref="Count"/> vectors of <see cref="Columns"/> numbers,
/// rounded to 8 bits at most once, when the first kernel asks for it.</summary>
internal sealed unsafe class Activations : IDisposable
{
    public const int Block = 32;

    /// <summary>Scale, and scale times the sum of the first 16, the other 16, and all rounded numbers.</summary>
    public const int SumsPerBlock = 4;

    private readonly ComputePool pool;
    private readonly Action<int, int> quantize8;
    private NativeBuffer quants = new(0);
    private NativeBuffer sums = new(0);
    private bool has8;

    public Activations(ComputePool pool)
    {
        this.pool = pool;
        quantize8 = (token, _) => ActivationRounding.ToQ8(Row(token), Columns, Quants8 + (long)token * PaddedColumns, Sums8 + (long)token * Blocks * SumsPerBlock);
    }

    public float* Values { get; private set; }

    public int Stride { get; private set; }

    public int Count { get; private set; }

    public int Columns { get; private set; }

    public int Blocks => (Columns + Block - 1) / Block;

    public int PaddedColumns => Blocks * Block;

    /// <summary>(token, column), 8 bits each, padded with zeros to whole blocks.</summary>
    public sbyte* Quants8 => (sbyte*)quants.Pointer;

    /// <summary>(token, block, <see cref="SumsPerBlock"/>).</summary>
    public float* Sums8 => sums.Floats;

    public float* Row(int token) => Values + (long)token * Stride;

    public void Set(float* values, int stride, int count, int columns)
    {
        Values = values;
        (Stride, Count, Columns, has8) = (stride, count, columns, false);
    }

    /// <summary>Makes the input available in that format.</summary>
    public void Require(ActivationFormat format)
    {
        if (format == ActivationFormat.F32 || has8) return;
        Grow(ref quants, (long)Count * PaddedColumns);
        Grow(ref sums, (long)Count * Blocks * SumsPerBlock * sizeof(float));
        if (Count >= 4) pool.Run(Count, quantize8);
        else for (int token = 0; token < Count; token++) quantize8(token, 0);
        has8 = true;
    }

    public void Dispose()
    {
        quants.Dispose();
        sums.Dispose();
    }

    private static void Grow(ref NativeBuffer buffer, long byteCount)
    {
        if (buffer.ByteCount >= byteCount) return;
        buffer.Dispose();
        buffer = new NativeBuffer(byteCount * 3 / 2);
    }
}
