using Countersign.Protocol.Catalogue;
using Countersign.Tests;

namespace Countersign.Cascade.Tests.Catalogue;

/// <summary>Memory and speed before a download, beside real files.</summary>
public sealed class MemoryEstimateTests
{
    [Fact]
    public void Weights_OfTheShippedFile_AreWithinTwoPercentOfIt()
    {
        long real = new FileInfo(Path.Combine(SharedData.RepositoryRoot, "models", "SmolLM2-135M-Instruct.Q4_1.gguf")).Length;

        var estimate = Of("smollm2-135m-instruct", "Q4_1", 2048);

        Assert.InRange(estimate.Weights, real * 0.98, real * 1.02);
        Assert.Equal(2048 * 30 * 2 * 3 * 64 * 2, estimate.Cache);
        Assert.True(estimate.IsComplete);
    }

    [Fact]
    public void ReadPerToken_OfAMixtureOfExperts_CountsOnlyActiveWeights()
    {
        var estimate = Of("qwen3-30b-a3b", "Q4_K_M", 8192);

        Assert.InRange(estimate.Weights, 18.0e9, 19.5e9);
        Assert.InRange(estimate.ReadPerToken / (double)estimate.Weights, 0.10, 0.12);
        Assert.Equal(8192 * 98304, estimate.Cache);
    }

    [Fact]
    public void TokensPerSecond_AsTheCacheFills_Falls()
    {
        var estimate = Of("llama-3.1-8b", "Q8_0", 8192);

        double empty = estimate.TokensPerSecond(100e9, 0);

        Assert.Equal(100e9 / 8.5e9, empty, 3);
        Assert.True(estimate.TokensPerSecond(100e9, estimate.Cache!.Value) < empty);
    }

    [Fact]
    public void Of_WhatIsNotKnown_IsSaidNotGuessed()
    {
        Assert.Null(MemoryEstimate.Of(ModelCatalogue.Shipped.Find("gpt-5")!, Quantisation.Find("Q4_K_M")!, 4096));
        Assert.False(Of("olmo-3-7b-instruct", "Q4_K_M", 4096).IsComplete);
        Assert.Null(Of("olmo-3-7b-instruct", "Q4_K_M", 4096).Cache);
    }

    private static MemoryEstimate Of(string model, string form, long tokens) => MemoryEstimate.Of(ModelCatalogue.Shipped.Find(model)!, Quantisation.Find(form)!, tokens)!;
}
