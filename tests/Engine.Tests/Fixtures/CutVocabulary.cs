using Countersign.Engine.Gguf;
using Countersign.Engine.Tests.Gguf;

namespace Countersign.Engine.Tests.Fixtures;

/// <summary>The small llama model with fewer tokens at the end of its vocabulary, as sizes of one family differ.</summary>
internal static unsafe class CutVocabulary
{
    private static readonly string[] Floats = ["llama.attention.layer_norm_rms_epsilon", "llama.rope.freq_base"];

    /// <summary>The file's bytes.</summary>
    public static byte[] Of(int tokens)
    {
        using GgufFile file = GgufFile.Open(Fixture.Path("arch", "llama.f32.gguf"));
        GgufMetadata metadata = file.Metadata;
        var bytes = new GgufBytes().Text("general.architecture", "llama").Text("tokenizer.ggml.model", "llama");
        foreach (string key in metadata.Keys.Where(key => key.StartsWith("llama.", StringComparison.Ordinal) && !Floats.Contains(key))) bytes.UInt32(key, (uint)metadata.GetRequiredInt32(key));
        foreach (string key in Floats) bytes.Float(key, metadata.GetFloat32(key, 0));
        bytes.Texts("tokenizer.ggml.tokens", metadata.GetStrings("tokenizer.ggml.tokens")![..tokens]);
        bytes.Floats("tokenizer.ggml.scores", metadata.GetFloats("tokenizer.ggml.scores")![..tokens]);
        bytes.Int32s("tokenizer.ggml.token_type", metadata.GetInt32s("tokenizer.ggml.token_type")![..tokens]);
        foreach (string id in (string[])["bos", "eos", "unknown", "eot"]) bytes.UInt32($"tokenizer.ggml.{id}_token_id", (uint)metadata.GetRequiredInt32($"tokenizer.ggml.{id}_token_id"));
        foreach (GgufTensor tensor in file.Tensors)
        {
            bool isCut = tensor.Name is "token_embd.weight" or "output.weight";
            long[] shape = isCut ? [tensor.Dimension(0), tokens] : [.. tensor.Shape];
            int length = isCut ? tensor.Dimension(0) * tokens * sizeof(float) : (int)tensor.ByteCount;
            bytes.Tensor(tensor.Name, tensor.Type, shape, new ReadOnlySpan<byte>(tensor.Data, length).ToArray());
        }

        return bytes.Build();
    }
}
