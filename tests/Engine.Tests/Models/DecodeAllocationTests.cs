using Countersign.Engine.Cache;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tests.Fixtures;

namespace Countersign.Engine.Tests.Models;

public sealed class DecodeAllocationTests
{
    [Theory]
    [InlineData("llama-w256.q4_k_m.gguf", 1)]
    [InlineData("llama-w256.q8_0.gguf", 2)]
    [InlineData("gpt-oss.f32.gguf", 2)]
    public void Forward_SingleTokens_AllocatesNothing(string file, int threads)
    {
        KernelLevel level = KernelChoice.Choose(null);
        using var model = new LoadedModel(Fixture.Path("arch", file), level, threads);
        using SequenceState sequence = model.NewSequence();
        Assert.True(sequence.TryReserve(100));
        for (int i = 0; i < 20; i++) Step(model, sequence);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 50; i++) Step(model, sequence);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static void Step(LoadedModel model, SequenceState sequence)
    {
        model.Batch.Clear();
        model.Batch.Add(sequence, [5]);
        model.Batch.OutputRows.Add(0);
        model.Model.Forward(model.Batch);
    }
}
