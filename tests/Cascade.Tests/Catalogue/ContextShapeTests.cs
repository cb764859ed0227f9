using Countersign.Protocol.Catalogue;

namespace Countersign.Cascade.Tests.Catalogue;

/// <summary>The memory of contexts, from shapes of models whose config.json is known.</summary>
public sealed class ContextShapeTests
{
    [Theory]
    [InlineData("qwen3-235b-a22b", 192512)] // 94 layers x 2 x 4 heads x 128 x 2 bytes
    [InlineData("deepseek-v3", 70272)] // latent: 61 layers x 576 x 2 bytes
    [InlineData("qwen3.6-27b", 65536)] // 16 of 64 layers grow
    [InlineData("gpt-oss-120b", 36864)] // every other layer has a window
    [InlineData("nemotron-3-super-120b-a12b", 8192)] // 8 attention layers among Mamba
    [InlineData("gemma-4-31b", 81920)] // 10 of 60 layers grow, with heads of their own
    public void BytesPerToken_OfAKnownShape_AreExact(string model, long bytes) => Assert.Equal(bytes, ModelCatalogue.Shipped.Find(model)!.Shape!.Value.BytesPerToken);

    [Fact]
    public void CacheBytes_WithinAndBeyondTheWindow_GrowAsTheLayersDo()
    {
        var shape = ModelCatalogue.Shipped.Find("gpt-oss-20b")!.Shape!.Value; // 12 growing and 12 window layers of 8 x 64, window 128

        const long LayerBytes = 2 * 8 * 64 * 2;
        Assert.Equal(24 * 100 * LayerBytes, shape.CacheBytes(100));
        Assert.Equal(12 * 1000 * LayerBytes + 12 * 128 * LayerBytes, shape.CacheBytes(1000));
    }

    [Fact]
    public void CacheBytes_WhereLayersCompress_CountTheirEntriesAndTheWindow()
    {
        var shape = new ContextShape { Layers = 4, Latent = 512, EntriesPerToken = 0.125, WindowLayers = 4, Window = 128, WindowLatent = 512 };

        Assert.Equal(4 * 512, shape.BytesPerToken / 2 * 8);
        Assert.Equal(8000 * shape.BytesPerToken + 4 * 128 * 512 * 2, shape.CacheBytes(8000));
    }
}
