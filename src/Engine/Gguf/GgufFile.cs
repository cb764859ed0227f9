namespace Countersign.Engine.Gguf;

/// <summary>A GGUF model: one memory-mapped file, or all parts of a split one. Everything that the header says is checked when it is opened.</summary>
public sealed class GgufFile : IDisposable
{
    private const int MaxParts = 4096;

    private readonly List<MappedFile> files;
    private readonly Dictionary<string, GgufTensor> byName;

    private GgufFile(List<MappedFile> files, GgufHeader first, List<GgufTensor> tensors)
    {
        this.files = files;
        (Version, Metadata, Tensors) = (first.Version, first.Metadata, tensors);
        byName = new Dictionary<string, GgufTensor>(StringComparer.Ordinal);
        foreach (GgufTensor tensor in tensors)
        {
            if (!byName.TryAdd(tensor.Name, tensor)) throw new GgufException(tensor.File.Name, $"the tensor '{tensor.Name}' appears twice.");
        }
    }

    /// <summary>The path that was opened (the first part of a split model).</summary>
    public string Path => files[0].Path;

    /// <summary>The GGUF format version: 2 or 3.</summary>
    public uint Version { get; }

    /// <summary>The key/value pairs (those of the first part of a split model).</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>All tensors, of all parts, in file order.</summary>
    public IReadOnlyList<GgufTensor> Tensors { get; }

    /// <summary>The paths of all parts; one for a model that is not split.</summary>
    public IReadOnlyList<string> Parts => files.ConvertAll(static file => file.Path);

    /// <summary>Bytes of all parts together.</summary>
    public long ByteCount => files.Sum(static file => file.Length);

    /// <summary>Opens and checks a model. A split model is opened by its first part, <c>NAME-00001-of-0000N.gguf</c>.</summary>
    /// <exception cref="GgufException">The file cannot be read or breaks a rule of the format.</exception>
    public static GgufFile Open(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var files = new List<MappedFile>();
        try
        {
            files.Add(MappedFile.Open(path));
            GgufHeader first = GgufHeader.Read(files[0]);
            List<GgufTensor> tensors = [.. first.Tensors];
            AddParts(files, first, tensors);
            return new GgufFile(files, first, tensors);
        }
        catch
        {
            foreach (MappedFile file in files) file.Dispose();
            throw;
        }
    }

    /// <summary>The tensor of that name, or null.</summary>
    public GgufTensor? FindTensor(string name) => byName.GetValueOrDefault(name);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (MappedFile file in files) file.Dispose();
    }

    private static void AddParts(List<MappedFile> files, GgufHeader first, List<GgufTensor> tensors)
    {
        string path = files[0].Path;
        int count = first.Metadata.GetInt32("split.count", 1);
        if (count is < 0 or > MaxParts) throw first.Metadata.Invalid("split.count", $"{count} parts.");
        if (count <= 1) return;
        if (first.Metadata.GetInt32("split.no", 0) != 0) throw new GgufException(files[0].Name, "is not the first part of its split model; open the first.");
        string ending = $"-00001-of-{count:D5}.gguf";
        if (!path.EndsWith(ending, StringComparison.Ordinal)) throw new GgufException(files[0].Name, $"is the first of {count} parts, so its name should end with '{ending}'.");
        for (int part = 1; part < count; part++)
        {
            files.Add(MappedFile.Open($"{path[..^ending.Length]}-{part + 1:D5}-of-{count:D5}.gguf"));
            GgufHeader header = GgufHeader.Read(files[part]);
            if (header.Metadata.GetInt32("split.no", -1) != part || header.Metadata.GetInt32("split.count", -1) != count)
            {
                throw new GgufException(files[part].Name, $"does not say that it is part {part + 1} of {count}.");
            }

            tensors.AddRange(header.Tensors);
        }

        int announced = first.Metadata.GetInt32("split.tensors.count", tensors.Count);
        if (announced != tensors.Count) throw new GgufException(files[0].Name, $"announces {announced} tensors, but the {count} parts hold {tensors.Count}.");
    }
}
