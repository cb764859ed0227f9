using Countersign.Engine.Tensors;

namespace Countersign.Engine.Kernels;

/// <summary>In which form a kernel takes its input vectors.</summary>
internal enum ActivationFormat
{
    /// <summary>binary32, as they are.</summary>
    F32,

    /// <summary>8 bits with one scale and the sum of every 32.</summary>
    Q8,

    /// <summary>16 bits with one scale and the sum of every 32.</summary>
    Q16,
}

/// <summary>The input of one or several matrix products: <see cref="Count"/> vectors of <see cref="Columns"/> numbers,
/// rounded to 8 or 16 bits at most once, when the first kernel asks for it.</summary>
internal sealed unsafe class Activations : IDisposable
{
    public const int Block = 32;

    private readonly ComputePool pool;
    private readonly Action<int, int> quantize8;
    private readonly Action<int, int> quantize16;
    private NativeBuffer quants = new(0);
    private NativeBuffer scales = new(0);
    private NativeBuffer quants16 = new(0);
    private NativeBuffer scales16 = new(0);
    private bool has8;
    private bool has16;

    public Activations(ComputePool pool)
    {
        this.pool = pool;
        quantize8 = (token, _) => ActivationRounding.ToQ8(Row(token), Columns, Quants8 + (long)token * PaddedColumns, ScalesAndSums8 + (long)token * Blocks * 2);
        quantize16 = (token, _) => ActivationRounding.ToQ16(Row(token), Columns, Quants16 + (long)token * PaddedColumns, ScalesAndSums16 + (long)token * Blocks * 2);
    }

    public float* Values { get; private set; }

    public int Stride { get; private set; }

    public int Count { get; private set; }

    public int Columns { get; private set; }

    public int Blocks => (Columns + Block - 1) / Block;

    public int PaddedColumns => Blocks * Block;

    /// <summary>(token, column), 8 bits each, padded with zeros to whole blocks.</summary>
    public sbyte* Quants8 => (sbyte*)quants.Pointer;

    /// <summary>(token, block, 2): scale, and scale times the sum of the block.</summary>
    public float* ScalesAndSums8 => scales.Floats;

    public short* Quants16 => (short*)quants16.Pointer;

    public float* ScalesAndSums16 => scales16.Floats;

    public float* Row(int token) => Values + (long)token * Stride;

    public void Set(float* values, int stride, int count, int columns)
    {
        Values = values;
        (Stride, Count, Columns, has8, has16) = (stride, count, columns, false, false);
    }

    /// <summary>Makes the input available in that format.</summary>
    public void Require(ActivationFormat format)
    {
        if (format == ActivationFormat.Q8 && !has8)
        {
            Grow(ref quants, (long)Count * PaddedColumns);
            Grow(ref scales, (long)Count * Blocks * 2 * sizeof(float));
            Each(quantize8);
            has8 = true;
        }
        else if (format == ActivationFormat.Q16 && !has16)
        {
            Grow(ref quants16, (long)Count * PaddedColumns * 2);
            Grow(ref scales16, (long)Count * Blocks * 2 * sizeof(float));
            Each(quantize16);
            has16 = true;
        }
    }

    public void Dispose()
    {
        quants.Dispose();
        scales.Dispose();
        quants16.Dispose();
        scales16.Dispose();
    }

    private void Each(Action<int, int> action)
    {
        if (Count >= 4) pool.Run(Count, action);
        else for (int token = 0; token < Count; token++) action(token, 0);
    }

    private static void Grow(ref NativeBuffer buffer, long byteCount)
    {
        if (buffer.ByteCount >= byteCount) return;
        buffer.Dispose();
        buffer = new NativeBuffer(byteCount * 3 / 2);
    }
}
