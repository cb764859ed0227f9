using Countersign.Engine.Cache;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>What the parts of a forward pass share: the batch, the pool, the matrix products, the rope tables.</summary>
internal sealed unsafe class ForwardContext : IDisposable
{
    private const int RowsWorthSharing = 4;

    private readonly List<NativeBuffer> buffers = [];

    public ForwardContext(ModelShape shape, ComputePool pool, KvCache cache, int maxRows)
    {
        (Shape, Pool, Cache, MaxRows) = (shape, pool, cache, maxRows);
        Product = new MatrixProduct(pool);
        Batch = new StepBatch(maxRows);
    }

    public ModelShape Shape { get; }

    public ComputePool Pool { get; }

    public KvCache Cache { get; }

    public MatrixProduct Product { get; }

    public int MaxRows { get; }

    public StepBatch Batch { get; set; }

    /// <summary>The model's rope and that of windowed layers.</summary>
    public RopeTable?[] Ropes { get; } = new RopeTable?[2];

    public int Rows => Batch.Count;

    /// <summary>Room for <see cref="MaxRows"/> rows of <paramref name="columns"/> numbers, for as long as the context lives.</summary>
    public float* Reserve(long columns)
    {
        NativeBuffer buffer = NativeBuffer.OfFloats(columns * MaxRows);
        buffers.Add(buffer);
        return buffer.Floats;
    }

    /// <summary>Runs an action for every row, on all threads where it is worth it.</summary>
    public void EachRow(Action<int, int> action)
    {
        if (Rows >= RowsWorthSharing) Pool.Run(Rows, action);
        else for (int row = 0; row < Rows; row++) action(row, 0);
    }

    public void Dispose()
    {
        foreach (NativeBuffer buffer in buffers) buffer.Dispose();
        foreach (RopeTable? rope in Ropes) rope?.Dispose();
        Product.Dispose();
    }
}
