using System.Text;
using Countersign.Engine.Gguf;

namespace Countersign.Engine.Tests.Gguf;

/// <summary>Writes small GGUF files for tests.</summary>
internal sealed class GgufBytes
{
    private readonly List<byte[]> metadata = [];
    private readonly List<(string Name, TensorType Type, long[] Shape, byte[] Data)> tensors = [];
    private int keys;

    public GgufBytes Text(string key, string value) => Add(key, GgufValueType.Text, writer => WriteText(writer, value));

    public GgufBytes UInt32(string key, uint value) => Add(key, GgufValueType.UInt32, writer => writer.Write(value));

    public GgufBytes Float(string key, float value) => Add(key, GgufValueType.Float32, writer => writer.Write(value));

    public GgufBytes Boolean(string key, bool value) => Add(key, GgufValueType.Boolean, writer => writer.Write(value));

    public GgufBytes Raw(string key, uint type, params byte[] value) => Add(key, (GgufValueType)type, writer => writer.Write(value));

    public GgufBytes Texts(string key, params string[] values) => Add(key, GgufValueType.List, writer =>
    {
        writer.Write((uint)GgufValueType.Text);
        writer.Write((ulong)values.Length);
        foreach (string value in values) WriteText(writer, value);
    });

    public GgufBytes Int32s(string key, params int[] values) => Add(key, GgufValueType.List, writer =>
    {
        writer.Write((uint)GgufValueType.Int32);
        writer.Write((ulong)values.Length);
        foreach (int value in values) writer.Write(value);
    });

    public GgufBytes Floats(string key, params float[] values) => Add(key, GgufValueType.List, writer =>
    {
        writer.Write((uint)GgufValueType.Float32);
        writer.Write((ulong)values.Length);
        foreach (float value in values) writer.Write(value);
    });

    public GgufBytes Tensor(string name, TensorType type, long[] shape, byte[] data)
    {
        tensors.Add((name, type, shape, data));
        return this;
    }

    public byte[] Build(uint version = 3)
    {
        var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(version);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)keys);
        foreach (byte[] pair in metadata) writer.Write(pair);
        long offset = 0;
        foreach (var (name, type, shape, data) in tensors)
        {
            WriteText(writer, name);
            writer.Write((uint)shape.Length);
            foreach (long dimension in shape) writer.Write(dimension);
            writer.Write((uint)type);
            writer.Write((ulong)offset);
            offset += (data.Length + 31) / 32 * 32;
        }

        foreach (var (_, _, _, data) in tensors)
        {
            while (stream.Position % 32 != 0) writer.Write((byte)0);
            writer.Write(data);
        }

        return stream.ToArray();
    }

    private GgufBytes Add(string key, GgufValueType type, Action<BinaryWriter> value)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        WriteText(writer, key);
        writer.Write((uint)type);
        value(writer);
        writer.Flush();
        metadata.Add(stream.ToArray());
        keys++;
        return this;
    }

    private static void WriteText(BinaryWriter writer, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
