using Countersign.Engine.Gguf;

namespace Countersign.Engine.Tests.Gguf;

public sealed class GgufFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private static GgufBytes Sample() => new GgufBytes()
        .Text("general.architecture", "llama")
        .UInt32("llama.block_count", 2)
        .Float("llama.rope.freq_base", 10000f)
        .Boolean("tokenizer.ggml.add_bos_token", true)
        .Texts("tokenizer.ggml.tokens", "<unk>", "é", "")
        .Floats("tokenizer.ggml.scores", 0f, -1.5f, 3f)
        .Int32s("tokenizer.ggml.token_type", 2, 1, 1)
        .Tensor("a.weight", TensorType.F32, [2, 3], new byte[24])
        .Tensor("b.weight", TensorType.Q8_0, [64, 2], [.. Enumerable.Range(0, 136).Select(static i => (byte)i)]);

    private GgufFile Open(byte[] bytes) => GgufFile.Open(folder.Write("model.gguf", bytes));

    private string Error(byte[] bytes) => Assert.Throws<GgufException>(() => Open(bytes)).Message;

    [Fact]
    public unsafe void Open_WholeFile_GivesMetadataAndTensors()
    {
        using GgufFile file = Open(Sample().Build());
        Assert.Equal("llama", file.Metadata.GetRequiredString("general.architecture"));
        Assert.Equal(2, file.Metadata.GetRequiredInt32("llama.block_count"));
        Assert.Equal(10000f, file.Metadata.GetFloat32("llama.rope.freq_base", 0));
        Assert.True(file.Metadata.GetBoolean("tokenizer.ggml.add_bos_token", false));
        Assert.Equal(["<unk>", "é", ""], file.Metadata.GetStrings("tokenizer.ggml.tokens")!);
        Assert.Equal([0f, -1.5f, 3f], file.Metadata.GetFloats("tokenizer.ggml.scores")!);
        Assert.Equal([2, 1, 1], file.Metadata.GetInt32s("tokenizer.ggml.token_type")!);
        Assert.Null(file.Metadata.GetStrings("nothing"));
        GgufTensor tensor = file.FindTensor("b.weight")!;
        Assert.Equal([64L, 2L], tensor.Shape);
        Assert.Equal(136, tensor.ByteCount);
        Assert.Equal(135, tensor.Data[135]);
    }

    [Fact]
    public void Metadata_AskedForAnotherType_SaysWhatIsThere()
    {
        using GgufFile file = Open(Sample().Build());
        string message = Assert.Throws<GgufException>(() => file.Metadata.GetInt32("general.architecture", 0)).Message;
        Assert.Contains("'general.architecture': should be a whole number, is String", message, StringComparison.Ordinal);
        Assert.Contains("is missing", Assert.Throws<GgufException>(() => file.Metadata.GetRequiredInt32("x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_SplitModel_JoinsTheParts()
    {
        byte[] Part(int number, string name) => new GgufBytes().UInt32("split.no", (uint)number).UInt32("split.count", 2)
            .UInt32("split.tensors.count", 2).Tensor(name, TensorType.F32, [1], [0, 0, 128, 63]).Build();
        string first = folder.Write("m-00001-of-00002.gguf", Part(0, "a"));
        Assert.Contains("cannot be opened", Assert.Throws<GgufException>(() => GgufFile.Open(first)).Message, StringComparison.Ordinal);
        string second = folder.Write("m-00002-of-00002.gguf", Part(1, "b"));
        using GgufFile file = GgufFile.Open(first);
        Assert.Equal(["a", "b"], file.Tensors.Select(static tensor => tensor.Name));
        Assert.Contains("not the first part", Assert.Throws<GgufException>(() => GgufFile.Open(second)).Message, StringComparison.Ordinal);
        folder.Write("m-00002-of-00002.gguf", Part(1, "a"));
        Assert.Contains("appears twice", Assert.Throws<GgufException>(() => GgufFile.Open(first)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_BrokenRule_NamesIt()
    {
        Assert.Contains("empty", Error([]), StringComparison.Ordinal);
        Assert.Contains("not a GGUF file", Error(new byte[64]), StringComparison.Ordinal);
        Assert.Contains("version 9", Error(Sample().Build(9)), StringComparison.Ordinal);
        Assert.Contains("big-endian", Error(Sample().Build(0x03000000)), StringComparison.Ordinal);
        Assert.Contains("appears twice", Error(Sample().UInt32("llama.block_count", 1).Build()), StringComparison.Ordinal);
        Assert.Contains("unknown value type 77", Error(Sample().Raw("k", 77, 0).Build()), StringComparison.Ordinal);
        Assert.Contains("arrays of arrays", Error(Sample().Raw("k", 9, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0).Build()), StringComparison.Ordinal);
        Assert.Contains("power of two", Error(Sample().UInt32("general.alignment", 33).Build()), StringComparison.Ordinal);
        Assert.Contains("whole blocks", Error(Sample().Tensor("c", TensorType.Q4_K, [64], new byte[64]).Build()), StringComparison.Ordinal);
        Assert.Contains("unknown type 99", Error(Sample().Tensor("c", (TensorType)99, [64], new byte[64]).Build()), StringComparison.Ordinal);
        Assert.Contains("dimension 1 is -3", Error(Sample().Tensor("c", TensorType.F32, [64, -3], []).Build()), StringComparison.Ordinal);
        Assert.Contains("too large", Error(Sample().Tensor("c", TensorType.F32, [int.MaxValue, int.MaxValue, 9], []).Build()), StringComparison.Ordinal);
        Assert.Contains("5 dimensions", Error(Sample().Tensor("c", TensorType.F32, [1, 1, 1, 1, 1], []).Build()), StringComparison.Ordinal);
        Assert.Contains("end beyond the file", Error(Sample().Tensor("c", TensorType.F32, [64], new byte[16]).Build()), StringComparison.Ordinal);
        Assert.Contains("truth value of 7", Error(Sample().Raw("k", 7, 7).Build()), StringComparison.Ordinal);
    }

    [Fact]
    public void Open_EnormousCounts_AreRefusedBeforeAnythingIsAllocated()
    {
        byte[] huge = [255, 255, 255, 255, 255, 255, 255, 0];
        foreach (byte type in new byte[] { 0, 6, 8, 10 })
        {
            string path = folder.Write("huge.gguf", Sample().Raw("k", 9, [type, 0, 0, 0, .. huge]).Build());
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<GgufException>(() => GgufFile.Open(path));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused()
    {
        byte[] bytes = Sample().Build();
        for (int length = 1; length < bytes.Length; length++) Error(bytes[..length]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Open_RandomlyDamaged_OpensOrSaysWhy(int seed)
    {
        var random = new Random(seed);
        byte[] good = Sample().Build();
        int refused = 0;
        for (int round = 0; round < 1500; round++)
        {
            byte[] bytes = [.. good];
            for (int i = random.Next(1, 8); i > 0; i--) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                using GgufFile file = Open(bytes);
                foreach (GgufTensor tensor in file.Tensors) Assert.True(tensor.Offset + tensor.ByteCount <= bytes.Length);
            }
            catch (GgufException)
            {
                refused++;
            }

            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        }

        Assert.InRange(refused, 300, 1499);
    }

    [Fact]
    public void Open_SharedModels_AllOpen()
    {
        string[] paths = Directory.GetFiles(Countersign.Tests.SharedData.Require("data/engine/arch"), "*.gguf");
        foreach (string path in paths)
        {
            using GgufFile file = GgufFile.Open(path);
            Assert.NotEmpty(file.Tensors);
            Assert.NotEmpty(file.Metadata.GetStrings("tokenizer.ggml.tokens")!);
        }
    }
}
