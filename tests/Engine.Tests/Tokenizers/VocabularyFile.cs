using System.IO.Compression;
using Countersign.Engine.Gguf;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Tests.Tokenizers;

/// <summary>Tokenizer metadata of a GGUF file, gzipped or not.</summary>
internal static class VocabularyFile
{
    public static TokenizerMetadata Load(string path, string? pre = null)
    {
        string plain = path.EndsWith(".gz", StringComparison.Ordinal) ? Unpack(path) : path;
        try
        {
            using GgufFile file = GgufFile.Open(plain);
            TokenizerMetadata metadata = TokenizerMetadata.Read(file.Metadata);
            return pre is null ? metadata : metadata with { Pre = pre };
        }
        finally
        {
            if (plain != path) File.Delete(plain);
        }
    }

    private static string Unpack(string path)
    {
        string plain = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".gguf");
        using var content = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
        using Stream copy = File.Create(plain);
        content.CopyTo(copy);
        return plain;
    }
}
