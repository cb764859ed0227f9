using Countersign.Engine.Gguf;
using Countersign.Engine.Sampling;
using Countersign.Engine.Tests.Fixtures;
using Countersign.Engine.Tests.Gguf;
using Countersign.Engine.Tests.Scheduling;

namespace Countersign.Engine.Tests.Models;

/// <summary>Model files that lie, and models that do not fit: a clear error or a correct answer, never more.</summary>
public sealed class HostileModelTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("llama.f32.gguf")]
    [InlineData("gemma3.f32.gguf")]
    [InlineData("deepseek2.f32.gguf")]
    [InlineData("gpt-oss.f32.gguf")]
    [InlineData("qwen3moe.f32.gguf")]
    [InlineData("nemotron_h.f32.gguf")]
    [InlineData("qwen35.f32.gguf")]
    [InlineData("phi3-longrope.f32.gguf")]
    [InlineData("bert-mean.f32.gguf")]
    [InlineData("llama-w256.q4_k_m.gguf")]
    public async Task Load_HeaderWithWrongValues_WorksOrSaysWhy(string name)
    {
        const int rounds = 60;
        var header = new DamagedHeader(Read(name));
        int refused = 0;
        for (int round = 0; round < rounds; round++)
        {
            string path = folder.Write("m.gguf", header.Damage(new Random(round)));
            try
            {
                using EngineModel model = EngineModel.Load(path, new() { Threads = 1, ContextLength = 32 }, CancellationToken.None);
                await UseAsync(model);
            }
            catch (EngineException exception)
            {
                Assert.NotEqual(EngineErrorKind.Internal, exception.Kind);
                refused++;
            }
        }

        Assert.InRange(refused, rounds / 4, rounds - 1);
    }

    [Fact]
    public async Task Generate_WeightsThatAreNoNumbers_FailsThatRequestAlone()
    {
        const int poisoned = 77;
        byte[] bytes = Read("llama.f32.gguf");
        using (GgufFile file = GgufFile.Open(Fixture.Path("arch", "llama.f32.gguf")))
        {
            GgufTensor table = file.FindTensor("token_embd.weight")!;
            BitConverter.TryWriteBytes(bytes.AsSpan((int)table.Offset + (poisoned * table.Dimension(0) * sizeof(float))), float.NaN);
        }

        using EngineModel model = EngineModel.Load(folder.Write("m.gguf", bytes), new() { Threads = 1 }, CancellationToken.None);
        var good = new GenerationRequest { Prompt = [5, 6, 7], MaxTokens = 30, Sampling = new() { Seed = 4, LogitBias = new Dictionary<int, float> { [poisoned] = float.NegativeInfinity } }, IgnoreEndOfGeneration = true };
        string alone = (await Answer.Of(model, good)).Exact();
        Task<Answer> beside = Answer.Of(model, good);
        var failed = await Assert.ThrowsAsync<EngineException>(() => Answer.Of(model, good with { Prompt = [5, poisoned, 7] }));
        Assert.Equal(EngineErrorKind.CorruptFile, failed.Kind);
        Assert.Contains("not numbers", failed.Message, StringComparison.Ordinal);
        Assert.Equal(alone, (await beside).Exact());
    }

    [Fact]
    public void Load_ContextLongerThanTheModels_IsRefused()
    {
        var refused = Assert.Throws<EngineException>(() => EngineModel.Load(Fixture.Path("arch", "llama.f32.gguf"), new() { ContextLength = 1 << 20 }, CancellationToken.None));
        Assert.Equal(EngineErrorKind.InvalidRequest, refused.Kind);
        Assert.Contains("1048576 tokens is longer than the model's", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1L << 20, "use a smaller model or a coarser quantisation")]
    [InlineData(200L << 20, "tokens with as large a cache would fit")]
    public void RequireMemory_NotEnough_SaysWhatWouldFit(long available, string remedy)
    {
        using GgufFile file = GgufFile.Open(Path.Combine(Countersign.Tests.SharedData.RepositoryRoot, "models", "SmolLM2-135M-Instruct.Q4_1.gguf"));
        var refused = Assert.Throws<EngineException>(() => ServingPlan.Make(file, new() { ContextLength = 8192 }).RequireMemory(available));
        Assert.Equal(EngineErrorKind.OutOfMemory, refused.Kind);
        Assert.Contains($"{available >> 20} MiB are available", refused.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Read(string name) => File.ReadAllBytes(Fixture.Path("arch", name));

    private static async Task UseAsync(EngineModel model)
    {
        int[] prompt = [1, 5, 6, 7];
        if (model.Info.IsEmbedding) await model.EmbedAsync([prompt], TestContext.Current.CancellationToken);
        else await Answer.Of(model, new() { Prompt = prompt, MaxTokens = 3, Sampling = new SamplingOptions { Temperature = 0 } }, TestContext.Current.CancellationToken);
    }
}
