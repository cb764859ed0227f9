using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Tests.Tokenizers;

/// <summary>Reads the metadata of the fixtures' vocabulary-only GGUF files, gzipped or not. Trusts them; the engine's own reader does not.</summary>
internal sealed class VocabularyFile
{
    private readonly byte[] _bytes;
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);
    private int _at = 8;

    private VocabularyFile(byte[] bytes)
    {
        _bytes = bytes;
        Read<ulong>(8, BinaryPrimitives.ReadUInt64LittleEndian);
        ulong count = Read(8, BinaryPrimitives.ReadUInt64LittleEndian);
        for (ulong i = 0; i < count; i++) _values[Text()] = Value(Read(4, BinaryPrimitives.ReadUInt32LittleEndian));
    }

    public static TokenizerMetadata Load(string path, string? pre = null)
    {
        using Stream file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        var head = new byte[64 << 20]; // The metadata of every vocabulary here fits; the weights behind it need not be read.
        int length = content.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        return new VocabularyFile(head[..length]).Metadata(pre);
    }

    private TokenizerMetadata Metadata(string? pre) => new()
    {
        Model = (string)_values["tokenizer.ggml.model"],
        Pre = pre ?? (string)_values.GetValueOrDefault("tokenizer.ggml.pre", ""),
        Tokens = List<string>("tokenizer.ggml.tokens")!,
        TokenTypes = List<int>("tokenizer.ggml.token_type"),
        Scores = List<float>("tokenizer.ggml.scores"),
        Merges = List<string>("tokenizer.ggml.merges") ?? [],
        Bos = Id("bos") ?? Id("cls"),
        Eos = Id("eos"),
        Eot = Id("eot"),
        Unknown = Id("unknown"),
        Separator = Id("seperator"),
        Padding = Id("padding"),
        AddBos = _values.GetValueOrDefault("tokenizer.ggml.add_bos_token") as bool?,
        AddEos = _values.GetValueOrDefault("tokenizer.ggml.add_eos_token") as bool?,
        AddSpacePrefix = _values.GetValueOrDefault("tokenizer.ggml.add_space_prefix") as bool?,
        ModelName = (string)_values.GetValueOrDefault("general.name", ""),
        Architecture = (string)_values.GetValueOrDefault("general.architecture", ""),
    };

    private int? Id(string name) => _values.GetValueOrDefault($"tokenizer.ggml.{name}_token_id") is uint id ? (int)id : null;

    private T[]? List<T>(string key) => _values.GetValueOrDefault(key) is object[] list ? [.. list.Cast<T>()] : null;

    private T Read<T>(int size, Func<ReadOnlySpan<byte>, T> read)
    {
        _at += size;
        return read(_bytes.AsSpan(_at - size, size));
    }

    private string Text()
    {
        int length = (int)Read(8, BinaryPrimitives.ReadUInt64LittleEndian);
        _at += length;
        return Encoding.UTF8.GetString(_bytes, _at - length, length);
    }

    private object Value(uint type) => type switch
    {
        0 or 1 or 7 => Read<object>(1, bytes => type == 7 ? bytes[0] != 0 : bytes[0]),
        2 or 3 => Read<object>(2, bytes => BinaryPrimitives.ReadInt16LittleEndian(bytes)),
        4 => Read<object>(4, bytes => BinaryPrimitives.ReadUInt32LittleEndian(bytes)),
        5 => Read<object>(4, bytes => BinaryPrimitives.ReadInt32LittleEndian(bytes)),
        6 => Read<object>(4, bytes => BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        8 => Text(),
        9 => Array(),
        _ => Read<object>(8, bytes => BinaryPrimitives.ReadInt64LittleEndian(bytes)),
    };

    private object[] Array()
    {
        uint type = Read(4, BinaryPrimitives.ReadUInt32LittleEndian);
        var values = new object[(int)Read(8, BinaryPrimitives.ReadUInt64LittleEndian)];
        for (int i = 0; i < values.Length; i++) values[i] = Value(type);
        return values;
    }
}
