using Countersign.Engine.Gguf;

namespace Countersign.Engine.Tests.Gguf;

/// <summary>Formats that the engine does not compute with are refused by name, before anything is loaded.</summary>
public sealed class WeightFormatTests
{
    [Theory]
    [InlineData("Q4_K_M", true)]
    [InlineData("q8_0", true)]
    [InlineData("UD-Q4_K_XL", true)]
    [InlineData("UD-Q8_K_XL", true)] // Q8_0 and F16, whatever its name says.
    [InlineData("MXFP4_MOE", true)]
    [InlineData("FP16", true)]
    [InlineData("Q2_K", false)]
    [InlineData("UD-Q2_K_XL", false)]
    [InlineData("Q3_K_M", false)]
    [InlineData("IQ4_XS", false)]
    [InlineData("IQ2_XXS", false)]
    [InlineData("Q4_0_4_4", false)]
    [InlineData("TQ1_0", false)]
    public void Reads_ByTheNameThatPublishersUse(string quantisation, bool reads) => Assert.Equal(reads, WeightFormats.Reads(quantisation));

    [Fact]
    public void Load_UnreadFormat_IsRefusedWithWhatIsRead()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.gguf", new GgufBytes().Text("general.architecture", "llama").Tensor("x", TensorType.Q3_K, [256], new byte[110]).Build());
        var refused = Assert.Throws<EngineException>(() => EngineModel.Load(path, new(), CancellationToken.None));
        Assert.Equal(EngineErrorKind.CorruptFile, refused.Kind);
        Assert.Contains("weights in Q3_K. It reads MXFP4, BF16, IQ4_NL, Q6_K, Q5_K, Q4_K, Q8_0, Q5_1, Q5_0, Q4_1, Q4_0, F16, F32", refused.Message, StringComparison.Ordinal);
    }
}
