using System.Runtime.CompilerServices;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Kernels.Floats;

namespace Countersign.Engine.Tensors;

/// <summary>Weights of 16 or 32 bits in groups of 16 rows, column by column, multiplied with binary32 inputs.</summary>
internal sealed unsafe class FloatMatrix<TNumber> : WeightMatrix
    where TNumber : struct, IFloatNumber
{
    private const int GroupRows = 16;
    private const int TokensAtOnce = 32; // Their inputs stay in the second-level cache while a chunk of rows passes.

    private readonly byte* memory;
    private readonly bool wide;

    /// <param name="source">The weights as they lie in the file.</param>
    /// <param name="room">Where the packed weights go.</param>
    /// <param name="wide">Whether 512-bit vectors are used.</param>
    public FloatMatrix(MappedMatrix source, LargePageMemory room, bool wide) : base(source.Rows, source.Columns)
    {
        this.wide = wide;
        memory = room.Take((Rows + GroupRows - 1) / GroupRows * GroupBytes);
        for (int row = 0; row < Rows; row++)
        {
            byte* from = source.RowPointer(row), to = Group(row) + row % GroupRows * TNumber.Bytes;
            for (int column = 0; column < Columns; column++) Unsafe.CopyBlockUnaligned(to + (long)column * GroupRows * TNumber.Bytes, from + (long)column * TNumber.Bytes, (uint)TNumber.Bytes);
        }
    }

    public override ActivationFormat Format => ActivationFormat.F32;

    public override int RowStep => GroupRows;

    private long GroupBytes => (long)GroupRows * Columns * TNumber.Bytes;

    public override void Multiply(Activations input, float* result, int stride, int begin, int end)
    {
        for (int first = 0; first < input.Count; first += TokensAtOnce)
        {
            int last = Math.Min(first + TokensAtOnce, input.Count);
            for (int row = begin; row < end; row += GroupRows) MultiplyGroup(input, result, stride, row, first, last);
        }
    }

    private byte* Group(int row) => memory + row / GroupRows * GroupBytes;

    private void MultiplyGroup(Activations input, float* result, int stride, int row, int first, int last)
    {
        float* ragged = stackalloc float[4 * GroupRows];
        bool whole = row + GroupRows <= Rows;
        for (int token = first; token < last;)
        {
            int count = last - token >= 4 ? 4 : 1;
            float* target = result + (long)token * stride + row, to = whole ? target : ragged;
            int distance = whole ? stride : GroupRows;
            if (wide && count == 4) FloatProduct512<TNumber>.Four(Group(row), Columns, input.Row(token), input.Stride, to, distance);
            else if (wide) FloatProduct512<TNumber>.One(Group(row), Columns, input.Row(token), to);
            else for (int i = 0; i < count; i++) FloatProduct256<TNumber>.One(Group(row), Columns, input.Row(token + i), to + (long)i * distance);
            if (!whole) for (int i = 0; i < count; i++) new Span<float>(ragged + i * GroupRows, Rows - row).CopyTo(new Span<float>(target + (long)i * stride, Rows - row));
            token += count;
        }
    }
}
