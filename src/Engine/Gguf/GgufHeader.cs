namespace Countersign.Engine.Gguf;

/// <summary>Reads the header of one file: magic, version, metadata, tensor infos.
/// Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md</summary>
internal sealed class GgufHeader
{
    private const uint Magic = 0x46554747; // "GGUF"
    private const int MaxKeys = 1 << 16;
    private const int MaxTensors = 1 << 20;
    private const int MaxArray = 1 << 26;
    private const int MaxName = 1 << 16;
    private const int MaxAlignment = 1 << 20;

    public required uint Version { get; init; }

    public required GgufMetadata Metadata { get; init; }

    public required IReadOnlyList<GgufTensor> Tensors { get; init; }

    public static GgufHeader Read(MappedFile file)
    {
        var cursor = new GgufCursor(file);
        if (cursor.Remaining < 24) throw cursor.Error(0, $"{cursor.Remaining} bytes are too few for a GGUF header.");
        uint magic = cursor.Read<uint>();
        if (magic != Magic) throw cursor.Error(0, "not a GGUF file (it does not begin with 'GGUF').");
        uint version = cursor.Read<uint>();
        if (version is not (2 or 3))
        {
            throw cursor.Error(4, (version & 0xFFFF) == 0 ? "a big-endian file; only little-endian ones are read." : $"GGUF version {version}; versions 2 and 3 are read.");
        }

        int tensorCount = cursor.ReadCount("tensors", 24, MaxTensors);
        int keyCount = cursor.ReadCount("metadata keys", 13, MaxKeys);
        var metadata = new GgufMetadata(file.Name, ReadMetadata(cursor, keyCount));
        return new GgufHeader { Version = version, Metadata = metadata, Tensors = ReadTensors(file, cursor, tensorCount, metadata) };
    }

    private static Dictionary<string, object> ReadMetadata(GgufCursor cursor, int count)
    {
        var values = new Dictionary<string, object>(Math.Min(count, 1024), StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
        {
            long at = cursor.Position;
            string key = cursor.ReadName("a metadata key", MaxName);
            if (!values.TryAdd(key, ReadValue(cursor, key))) throw cursor.Error(at, $"the metadata key '{key}' appears twice.");
        }

        return values;
    }

    private static object ReadValue(GgufCursor cursor, string key)
    {
        long at = cursor.Position;
        var type = (GgufValueType)cursor.Read<uint>();
        return type switch
        {
            GgufValueType.UInt8 => cursor.Read<byte>(),
            GgufValueType.Int8 => cursor.Read<sbyte>(),
            GgufValueType.UInt16 => cursor.Read<ushort>(),
            GgufValueType.Int16 => cursor.Read<short>(),
            GgufValueType.UInt32 => cursor.Read<uint>(),
            GgufValueType.Int32 => cursor.Read<int>(),
            GgufValueType.Float32 => cursor.Read<float>(),
            GgufValueType.Boolean => ReadBoolean(cursor, key),
            GgufValueType.Text => cursor.ReadText(),
            GgufValueType.List => ReadList(cursor, key),
            GgufValueType.UInt64 => cursor.Read<ulong>(),
            GgufValueType.Int64 => cursor.Read<long>(),
            GgufValueType.Float64 => cursor.Read<double>(),
            _ => throw cursor.Error(at, $"metadata key '{key}': unknown value type {(uint)type}."),
        };
    }

    private static bool ReadBoolean(GgufCursor cursor, string key)
    {
        byte value = cursor.Read<byte>();
        return value <= 1 ? value == 1 : throw cursor.Error(cursor.Position - 1, $"metadata key '{key}': a truth value of {value}.");
    }

    private static object ReadList(GgufCursor cursor, string key)
    {
        long at = cursor.Position;
        var type = (GgufValueType)cursor.Read<uint>();
        return type switch
        {
            GgufValueType.UInt8 => cursor.ReadNumbers<byte>(MaxArray),
            GgufValueType.Int8 => cursor.ReadNumbers<sbyte>(MaxArray),
            GgufValueType.UInt16 => cursor.ReadNumbers<ushort>(MaxArray),
            GgufValueType.Int16 => cursor.ReadNumbers<short>(MaxArray),
            GgufValueType.UInt32 => cursor.ReadNumbers<uint>(MaxArray),
            GgufValueType.Int32 => cursor.ReadNumbers<int>(MaxArray),
            GgufValueType.Float32 => cursor.ReadNumbers<float>(MaxArray),
            GgufValueType.UInt64 => cursor.ReadNumbers<ulong>(MaxArray),
            GgufValueType.Int64 => cursor.ReadNumbers<long>(MaxArray),
            GgufValueType.Float64 => cursor.ReadNumbers<double>(MaxArray),
            GgufValueType.Boolean => Array.ConvertAll(cursor.ReadNumbers<byte>(MaxArray), static value => value != 0),
            GgufValueType.Text => ReadTexts(cursor),
            GgufValueType.List => throw cursor.Error(at, $"metadata key '{key}': arrays of arrays are not supported."),
            _ => throw cursor.Error(at, $"metadata key '{key}': unknown array element type {(uint)type}."),
        };
    }

    private static string[] ReadTexts(GgufCursor cursor)
    {
        var texts = new string[cursor.ReadCount("texts", 8, MaxArray)];
        for (int i = 0; i < texts.Length; i++) texts[i] = cursor.ReadText();
        return texts;
    }

    private static List<GgufTensor> ReadTensors(MappedFile file, GgufCursor cursor, int count, GgufMetadata metadata)
    {
        int alignment = metadata.GetInt32("general.alignment", 32);
        if (alignment is < 1 or > MaxAlignment || (alignment & (alignment - 1)) != 0)
        {
            throw metadata.Invalid("general.alignment", $"{alignment} is not a power of two up to {MaxAlignment}.");
        }

        var infos = new List<(string Name, TensorType Type, long[] Shape, ulong Offset, long Bytes, long At)>(Math.Min(count, 4096));
        for (int i = 0; i < count; i++) infos.Add(ReadInfo(cursor));
        long dataStart = (cursor.Position + alignment - 1) / alignment * alignment;
        var tensors = new List<GgufTensor>(infos.Count);
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, type, shape, offset, bytes, at) in infos)
        {
            if (!names.Add(name)) throw cursor.Error(at, $"the tensor '{name}' appears twice.");
            if (offset % (ulong)alignment != 0) throw cursor.Error(at, $"tensor '{name}': offset {offset} is not a multiple of {alignment}.");
            if (offset > (ulong)file.Length || dataStart > file.Length - (long)offset || bytes > file.Length - (long)offset - dataStart)
            {
                throw cursor.Error(at, $"tensor '{name}': {bytes} bytes at data offset {offset} end beyond the file of {file.Length} bytes (truncated?).");
            }

            tensors.Add(new GgufTensor(name, type, shape, file, dataStart + (long)offset, bytes));
        }

        return tensors;
    }

    private static (string Name, TensorType Type, long[] Shape, ulong Offset, long Bytes, long At) ReadInfo(GgufCursor cursor)
    {
        long at = cursor.Position;
        string name = cursor.ReadName("a tensor name", MaxName);
        uint rank = cursor.Read<uint>();
        if (rank is < 1 or > 4) throw cursor.Error(at, $"tensor '{name}' has {rank} dimensions; 1 to 4 are possible.");
        var shape = new long[rank];
        long elements = 1;
        for (int i = 0; i < shape.Length; i++)
        {
            shape[i] = cursor.Read<long>();
            if (shape[i] is < 1 or > int.MaxValue) throw cursor.Error(at, $"tensor '{name}': dimension {i} is {shape[i]}.");
            if (elements > long.MaxValue / 8 / shape[i]) throw cursor.Error(at, $"tensor '{name}' is too large.");
            elements *= shape[i];
        }

        var type = (TensorType)cursor.Read<uint>();
        if (!TensorLayout.TryGet(type, out int blockLength, out int blockBytes)) throw cursor.Error(at, $"tensor '{name}': unknown type {(uint)type}.");
        if (shape[0] % blockLength != 0) throw cursor.Error(at, $"tensor '{name}': rows of {shape[0]} numbers are not whole blocks of {blockLength} ({type}).");
        long blocks = elements / blockLength;
        if (blocks > long.MaxValue / blockBytes) throw cursor.Error(at, $"tensor '{name}' is too large.");
        return (name, type, shape, cursor.Read<ulong>(), blocks * blockBytes, at);
    }
}
