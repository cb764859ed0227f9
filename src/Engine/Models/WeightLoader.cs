using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>Fetches tensors by name, checks their shapes, and keeps account of which were used.</summary>
internal sealed unsafe class WeightLoader(GgufFile file, KernelLevel level, Action<long>? progress) : IDisposable
{
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly List<NativeBuffer> vectors = [];
    private readonly LargePageMemory packed = new();

    public KernelLevel Level => level;

    public bool Has(string name) => file.FindTensor(name) is not null;

    /// <summary>How many numbers a tensor holds.</summary>
    public long Length(string name) => Find(name).ElementCount;

    /// <summary>Length of a tensor's rows.</summary>
    public int FirstDimension(string name) => Find(name).Dimension(0);

    /// <summary>Tensors that are known and deliberately not used.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (string name in names) used.Add(name);
    }

    /// <summary>A vector of weights as binary32.</summary>
    public NativeBuffer Vector(string name, int length)
    {
        GgufTensor tensor = Find(name);
        if (tensor.ElementCount != length) throw Wrong(tensor, $"{length} numbers are needed");
        if (!Dequantize.Supports(tensor.Type)) throw Wrong(tensor, "its type cannot be computed with");
        NativeBuffer buffer = NativeBuffer.OfFloats(length);
        Dequantize.Row(tensor.Type, tensor.Data, buffer.Floats, length);
        vectors.Add(buffer);
        return buffer;
    }

    public NativeBuffer? OptionalVector(string name, int length) => Has(name) ? Vector(name, length) : null;

    /// <summary>Numbers in any count, copied.</summary>
    public float[] Numbers(string name)
    {
        GgufTensor tensor = Find(name);
        var values = new float[tensor.ElementCount];
        if (tensor.Type != TensorType.F32) throw Wrong(tensor, "F32 is needed");
        fixed (float* target = values) Dequantize.Row(tensor.Type, tensor.Data, target, values.Length);
        return values;
    }

    /// <summary>A matrix; rows 0 means any number.</summary>
    public WeightMatrix Matrix(string name, int rows, int columns) => Slice(Find(name), 0, rows, columns);

    public WeightMatrix? OptionalMatrix(string name, int rows, int columns) => Has(name) ? Matrix(name, rows, columns) : null;

    /// <summary>The matrices of a three-dimensional tensor: one for each expert or head.</summary>
    public WeightMatrix[] Matrices(string name, int rows, int columns, int count)
    {
        GgufTensor tensor = Find(name);
        if (tensor.Dimension(2) != count) throw Wrong(tensor, $"{count} matrices are needed");
        var matrices = new WeightMatrix[count];
        for (int i = 0; i < count; i++) matrices[i] = Slice(tensor, i, rows, columns);
        return matrices;
    }

    /// <summary>A table that is read row by row from the file.</summary>
    public MappedMatrix Table(string name, int columns)
    {
        GgufTensor tensor = Find(name);
        Check(tensor, 0, columns);
        return new MappedMatrix(tensor, 0);
    }

    /// <summary>A tensor that nobody asked for means that the model does something that would be left out: refused.</summary>
    public void RefuseUnused(Func<string, bool> ignorable)
    {
        GgufTensor? unused = file.Tensors.FirstOrDefault(tensor => !used.Contains(tensor.Name) && !ignorable(tensor.Name));
        if (unused is not null) throw Wrong(unused, "this architecture is not known to have it, so the model would not be computed as it was made");
    }

    public void Dispose()
    {
        foreach (NativeBuffer vector in vectors) vector.Dispose();
        packed.Dispose();
    }

    private GgufTensor Find(string name)
    {
        GgufTensor tensor = file.FindTensor(name) ?? throw new GgufException(Path.GetFileName(file.Path), $"the tensor '{name}' is missing.");
        used.Add(name);
        return tensor;
    }

    private WeightMatrix Slice(GgufTensor tensor, int slice, int rows, int columns)
    {
        Check(tensor, rows, columns);
        var mapped = new MappedMatrix(tensor, slice);
        WeightMatrix matrix = MatrixPacking.Pack(mapped, level, packed);
        progress?.Invoke(tensor.ByteCount / tensor.Dimension(2));
        return matrix;
    }

    private void Check(GgufTensor tensor, int rows, int columns)
    {
        if (!Dequantize.Supports(tensor.Type)) throw Wrong(tensor, "its type cannot be computed with");
        if (tensor.Dimension(0) != columns || (rows > 0 && tensor.Dimension(1) != rows)) throw Wrong(tensor, $"{columns} x {(rows > 0 ? rows : "any")} is needed");
    }

    private GgufException Wrong(GgufTensor tensor, string problem) =>
        new(Path.GetFileName(file.Path), $"the tensor '{tensor.Name}' ({tensor.Type}, {string.Join(" x ", tensor.Shape)}): {problem}.");
}
