namespace Countersign.Engine.Gguf;

/// <summary>Name, type, shape and place of one tensor. Shapes are in GGML's order: the first dimension is contiguous.</summary>
public sealed class GgufTensor
{
    private readonly long[] shape;

    internal GgufTensor(string name, TensorType type, long[] shape, MappedFile file, long offset, long byteCount) =>
        (Name, Type, this.shape, File, Offset, ByteCount) = (name, type, shape, file, offset, byteCount);

    /// <summary>The tensor's name, such as <c>blk.0.attn_q.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The storage format.</summary>
    public TensorType Type { get; }

    /// <summary>One to four dimensions, fastest first.</summary>
    public IReadOnlyList<long> Shape => shape;

    /// <summary>How many numbers the tensor holds.</summary>
    public long ElementCount => shape.Aggregate(1L, static (product, dimension) => product * dimension);

    /// <summary>Size of the data in bytes, without padding.</summary>
    public long ByteCount { get; }

    /// <summary>Place of the data in its file, in bytes from the start of the file.</summary>
    public long Offset { get; }

    /// <summary>The dimension, or 1 beyond the last.</summary>
    internal int Dimension(int index) => index < shape.Length ? checked((int)shape[index]) : 1;

    internal MappedFile File { get; }

    /// <summary>The data, checked to lie within the mapped file.</summary>
    internal unsafe byte* Data => File.Pointer + Offset;
}
