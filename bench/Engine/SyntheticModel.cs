using System.Buffers.Binary;
using System.Text;
using Countersign.Engine.Gguf;

namespace Countersign.Engine.Bench;

/// <summary>Writes models of random weights with the shapes of real ones: for speed any valid block will do.</summary>
internal sealed class SyntheticModel(string mix, int width, int layers, int heads, int kvHeads, int feedForward, int vocabulary) : IDisposable
{
    private const int HeadLength = 64;

    private readonly Random random = new(1);
    private readonly MemoryStream header = new();
    private readonly List<(string Name, TensorType Type, long[] Shape)> tensors = [];
    private int keys;

    public void Write(string path)
    {
        Collect();
        Metadata();
        using FileStream file = File.Create(path);
        using var writer = new BinaryWriter(file);
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)tensors.Count);
        writer.Write((ulong)keys);
        writer.Write(header.ToArray());
        long offset = 0;
        foreach (var (name, type, shape) in tensors)
        {
            Text(writer, name);
            writer.Write((uint)shape.Length);
            foreach (long dimension in shape) writer.Write(dimension);
            writer.Write((uint)type);
            writer.Write((ulong)offset);
            offset += (Bytes(type, shape) + 31) / 32 * 32;
        }

        foreach (var (_, type, shape) in tensors)
        {
            while (file.Position % 32 != 0) writer.Write((byte)0);
            Blocks(file, type, Bytes(type, shape));
        }
    }

    public void Dispose() => header.Dispose();

    private static long Bytes(TensorType type, long[] shape) => TensorLayout.RowBytes(type, shape[0]) * (shape.Length > 1 ? shape[1] : 1);

    private void Collect()
    {
        TensorType most = Enum.Parse<TensorType>(mix is "Q4_K_M" ? width % 256 == 0 ? "Q4_K" : "Q5_0" : mix);
        Matrix("token_embd", mix == "Q4_K_M" && width % 256 == 0 ? TensorType.Q6_K : TensorType.Q8_0, width, vocabulary);
        Vector("output_norm");
        for (int i = 0; i < layers; i++)
        {
            // llama.cpp's Q4_K_M gives the first and last eighth and every third layer between more bits.
            bool better = mix == "Q4_K_M" && (i < layers / 8 || i >= 7 * layers / 8 || (i - layers / 8) % 3 == 2);
            string layer = $"blk.{i}.";
            Vector(layer + "attn_norm");
            Vector(layer + "ffn_norm");
            Matrix(layer + "attn_q", most, width, heads * HeadLength);
            Matrix(layer + "attn_k", most, width, kvHeads * HeadLength);
            Matrix(layer + "attn_v", better ? width % 256 == 0 ? TensorType.Q6_K : TensorType.Q8_0 : most, width, kvHeads * HeadLength);
            Matrix(layer + "attn_output", most, heads * HeadLength, width);
            Matrix(layer + "ffn_gate", most, width, feedForward);
            Matrix(layer + "ffn_up", most, width, feedForward);
            Matrix(layer + "ffn_down", mix == "Q4_K_M" ? better ? TensorType.Q6_K : TensorType.Q4_K : most, feedForward, width);
        }
    }

    private void Matrix(string name, TensorType type, int columns, int rows) => tensors.Add((name + ".weight", type, [columns, rows]));

    private void Vector(string name) => tensors.Add((name + ".weight", TensorType.F32, [width]));

    private void Metadata()
    {
        using var writer = new BinaryWriter(header, Encoding.UTF8, leaveOpen: true);
        void Key(string key, uint type)
        {
            Text(writer, key);
            writer.Write(type);
            keys++;
        }

        void Number(string key, int value)
        {
            Key(key, (uint)GgufValueType.UInt32);
            writer.Write(value);
        }

        void Words(string key, string value)
        {
            Key(key, (uint)GgufValueType.Text);
            Text(writer, value);
        }

        Words("general.architecture", "llama");
        Words("general.name", "synthetic");
        Words("tokenizer.ggml.model", "no_vocab");
        Number("llama.vocab_size", vocabulary);
        Number("llama.context_length", 4096);
        Number("llama.embedding_length", width);
        Number("llama.block_count", layers);
        Number("llama.feed_forward_length", feedForward);
        Number("llama.attention.head_count", heads);
        Number("llama.attention.head_count_kv", kvHeads);
        Number("llama.rope.dimension_count", HeadLength);
        Key("llama.attention.layer_norm_rms_epsilon", (uint)GgufValueType.Float32);
        writer.Write(1e-5f);
    }

    private void Blocks(FileStream file, TensorType type, long byteCount)
    {
        TensorLayout.TryGet(type, out _, out int blockBytes);
        var buffer = new byte[blockBytes * 4096];
        for (long left = byteCount; left > 0; left -= buffer.Length)
        {
            Span<byte> part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            random.NextBytes(part);
            for (int at = 0; at < part.Length; at += blockBytes) Scales(type, part[at..]);
            file.Write(part);
        }
    }

    private static void Scales(TensorType type, Span<byte> block)
    {
        switch (type)
        {
            case TensorType.F32: BinaryPrimitives.WriteSingleLittleEndian(block, 1f); break;
            case TensorType.Q8_0: BinaryPrimitives.WriteHalfLittleEndian(block, (Half)0.0003f); break;
            case TensorType.Q4_0: BinaryPrimitives.WriteHalfLittleEndian(block, (Half)0.004f); break;
            case TensorType.Q5_0: BinaryPrimitives.WriteHalfLittleEndian(block, (Half)0.002f); break;
            case TensorType.Q6_K: BinaryPrimitives.WriteHalfLittleEndian(block[208..], (Half)0.00002f); break;
            case TensorType.Q4_K:
                BinaryPrimitives.WriteHalfLittleEndian(block, (Half)0.0001f);
                BinaryPrimitives.WriteHalfLittleEndian(block[2..], (Half)0.0008f);
                break;
            default: throw new NotSupportedException($"No synthetic {type}.");
        }
    }

    private static void Text(BinaryWriter writer, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
