using Countersign.Engine.Kernels;
using Countersign.Engine.Kernels.Blocks;

namespace Countersign.Engine.Tensors;

/// <summary>Weights repacked in groups of 16 rows, block by block, so that a product reads them in one line from begin to end.</summary>
internal sealed unsafe class BlockMatrix<TProduct> : WeightMatrix
    where TProduct : struct, IBlockProduct
{
    private const int GroupRows = 16;
    private const int TokensAtOnce = 64; // Their rounded inputs stay in the second-level cache while a chunk of rows passes.

    private readonly byte* memory;
    private readonly int blocks;
    private readonly long groupBytes;
    private readonly float zero;

    /// <param name="source">The weights as they lie in the file.</param>
    /// <param name="room">Where the packed weights go.</param>
    /// <param name="zero">The format's constant offset, in units of its scale.</param>
    public BlockMatrix(MappedMatrix source, LargePageMemory room, float zero) : base(source.Rows, source.Columns)
    {
        blocks = Columns / Activations.Block;
        groupBytes = TProduct.GroupBytes(blocks);
        memory = room.Take((Rows + GroupRows - 1) / GroupRows * groupBytes);
        this.zero = zero;
        for (int row = 0; row < Rows; row++)
        {
            byte* group = memory + row / GroupRows * groupBytes;
            for (int block = 0; block < blocks; block++) TProduct.Store(BlockParts.Read(source.Type, source.RowPointer(row), block), group, block, row % GroupRows);
        }
    }

    public override ActivationFormat Format => ActivationFormat.Q8;

    public override int RowStep => GroupRows;

    public override void Multiply(Activations input, float* result, int stride, int begin, int end)
    {
        for (int first = 0; first < input.Count; first += TokensAtOnce)
        {
            int last = Math.Min(first + TokensAtOnce, input.Count);
            for (int row = begin; row < end; row += GroupRows) MultiplyGroup(input, result, stride, row, first, last);
        }
    }

    private void MultiplyGroup(Activations input, float* result, int stride, int row, int first, int last)
    {
        byte* group = memory + row / GroupRows * groupBytes;
        float* ragged = stackalloc float[4 * GroupRows];
        bool whole = row + GroupRows <= Rows;
        long sumStride = (long)blocks * Activations.SumsPerBlock;
        for (int token = first; token < last;)
        {
            int count = last - token >= 4 ? 4 : 1;
            float* target = result + (long)token * stride + row, to = whole ? target : ragged;
            int distance = whole ? stride : GroupRows;
            sbyte* quants = input.Quants8 + (long)token * input.PaddedColumns;
            float* sums = input.Sums8 + token * sumStride;
            if (count == 4) TProduct.Four(group, blocks, quants, input.PaddedColumns, sums, sumStride, zero, to, distance);
            else TProduct.One(group, blocks, quants, sums, zero, to);
            if (!whole) for (int i = 0; i < count; i++) new Span<float>(ragged + i * GroupRows, Rows - row).CopyTo(new Span<float>(target + (long)i * stride, Rows - row));
            token += count;
        }
    }
}
