using System.Buffers;
using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;

namespace Countersign.Engine.Tensors;

/// <summary>Weights as they lie in the file, dequantised row by row when used: the reference, and the table of token embeddings.</summary>
internal sealed unsafe class MappedMatrix : WeightMatrix
{
    private readonly TensorType type;
    private readonly byte* data;
    private readonly long rowBytes;

    /// <param name="tensor">The tensor in the file.</param>
    /// <param name="slice">Which matrix of a three-dimensional tensor (expert, head).</param>
    public MappedMatrix(GgufTensor tensor, int slice) : base(tensor.Dimension(1), tensor.Dimension(0))
    {
        type = tensor.Type;
        rowBytes = TensorLayout.RowBytes(type, Columns);
        data = tensor.Data + slice * rowBytes * Rows;
    }

    public override ActivationFormat Format => ActivationFormat.F32;

    public override int RowStep => 1;

    public TensorType Type => type;

    public byte* RowPointer(int row) => data + row * rowBytes;

    public void Dequantize(int row, float* target) => Kernels.Dequantize.Row(type, RowPointer(row), target, Columns);

    public override void Multiply(Activations input, float* result, int stride, int begin, int end)
    {
        float[] buffer = ArrayPool<float>.Shared.Rent(Columns);
        fixed (float* weights = buffer)
        {
            for (int row = begin; row < end; row++)
            {
                Dequantize(row, weights);
                for (int token = 0; token < input.Count; token++) result[(long)token * stride + row] = ScalarDot.Dot(weights, input.Row(token), Columns);
            }
        }

        ArrayPool<float>.Shared.Return(buffer);
    }
}
