using Countersign.Engine.Tensors;

namespace Countersign.Engine.Kernels;

/// <summary>Runs matrix products on the pool: one input, any number of matrices.</summary>
internal sealed unsafe class MatrixProduct : IDisposable
{
    private const int ChunksPerThread = 6;

    private readonly ComputePool pool;
    private readonly Activations input;
    private readonly Action<int, int> multiply;
    private WeightMatrix matrix = null!;
    private float* result;
    private int stride;
    private int rowsPerChunk;

    public MatrixProduct(ComputePool pool)
    {
        this.pool = pool;
        input = new Activations(pool);
        multiply = MultiplyChunk;
    }

    /// <summary>Sets the input: <paramref name="count"/> vectors at distance <paramref name="inputStride"/>. It must not change until the last product.</summary>
    public void Input(float* values, int inputStride, int count, int columns) => input.Set(values, inputStride, count, columns);

    /// <summary>Multiplies the input with a matrix; row <c>t</c> of the result begins at <c>target + t * targetStride</c>.</summary>
    public void Multiply(WeightMatrix weights, float* target, int targetStride)
    {
        if (weights.Columns != input.Columns) throw new InvalidOperationException($"{input.Columns} inputs for {weights.Columns} columns.");
        input.Require(weights.Format);
        result = target;
        (matrix, stride) = (weights, targetStride);
        int steps = (weights.Rows + weights.RowStep - 1) / weights.RowStep;
        long cost = (long)weights.Rows * weights.Columns * input.Count;
        int chunks = cost < 40_000 ? 1 : Math.Min(steps, pool.Threads * ChunksPerThread);
        if (pool.Threads == 1) chunks = 1;
        rowsPerChunk = (steps + chunks - 1) / chunks * weights.RowStep;
        pool.Run((weights.Rows + rowsPerChunk - 1) / rowsPerChunk, multiply);
    }

    public void Dispose() => input.Dispose();

    private void MultiplyChunk(int chunk, int worker)
    {
        int begin = chunk * rowsPerChunk;
        matrix.Multiply(input, result, stride, begin, Math.Min(begin + rowsPerChunk, matrix.Rows));
    }
}
