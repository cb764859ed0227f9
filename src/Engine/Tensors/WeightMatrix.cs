using Countersign.Engine.Kernels;

namespace Countersign.Engine.Tensors;

/// <summary>A matrix of weights, (rows, columns), that vectors are multiplied with.</summary>
internal abstract unsafe class WeightMatrix
{
    protected WeightMatrix(int rows, int columns) => (Rows, Columns) = (rows, columns);

    /// <summary>Length of the result.</summary>
    public int Rows { get; }

    /// <summary>Length of the input.</summary>
    public int Columns { get; }

    /// <summary>In which form the kernel wants its input.</summary>
    public abstract ActivationFormat Format { get; }

    /// <summary>Rows are handed out in multiples of this.</summary>
    public abstract int RowStep { get; }

    /// <summary>result[token * stride + row] = sum over columns, for rows from <paramref name="begin"/> up to <paramref name="end"/>.</summary>
    public abstract void Multiply(Activations input, float* result, int stride, int begin, int end);
}
