namespace Countersign.Engine.Kernels.Blocks;

/// <summary>Multiplies 16 packed rows with one or four input vectors. The sums of a row run in the same order in both.</summary>
internal unsafe interface IBlockProduct
{
    /// <summary>Bytes of 16 rows of <paramref name="blocks"/> blocks.</summary>
    static abstract long GroupBytes(int blocks);

    /// <summary>Packs one row into a group.</summary>
    static abstract void Store(in BlockParts parts, byte* group, int block, int row);

    /// <summary>Writes 16 results from one input.</summary>
    /// <param name="group">The packed rows.</param>
    /// <param name="blocks">Blocks of 32 columns.</param>
    /// <param name="quants">Input, 32 bytes a block.</param>
    /// <param name="sums">Its scales and sums, <see cref="Activations.SumsPerBlock"/> a block.</param>
    /// <param name="zero">What the offsets are multiplied with.</param>
    /// <param name="result">16 numbers.</param>
    static abstract void One(byte* group, int blocks, sbyte* quants, float* sums, float zero, float* result);

    /// <summary>As <see cref="One"/>, with four inputs and results at these distances.</summary>
    static abstract void Four(byte* group, int blocks, sbyte* quants, long quantStride, float* sums, long sumStride, float zero, float* result, long resultStride);
}
