using Countersign.Engine.Gguf;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;
using Countersign.Engine.Tests.Gguf;

namespace Countersign.Engine.Tests.Kernels;

/// <summary>Every packed format on every level against the scalar reference: random blocks, ragged row counts, one and several inputs.</summary>
public sealed unsafe class PackedMatrixTests
{
    private const int Rows = 37;
    private const int Columns = 512;
    private const int Tokens = 7;

    private static readonly string[] Formats = ["F32", "F16", "BF16", "Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q4_K", "Q5_K", "Q6_K", "IQ4_NL", "MXFP4"];

    public static TheoryData<string, string> FormatsAndLevels
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (string format in Formats) foreach (string level in new[] { "Avx2", "AvxVnni", "Avx512" }) data.Add(format, level);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(FormatsAndLevels))]
    public void Multiply_RoundedInput_IsTheScalarProduct(string format, string level)
    {
        using var fixture = new MatrixFixture(Enum.Parse<TensorType>(format), Rows, Columns, Tokens);
        float[] expected = fixture.Multiply(KernelLevel.Scalar, fixture.RoundedInput()), actual = fixture.Multiply(Level(level), fixture.Input);
        if (format is "F32" or "F16" or "BF16") expected = fixture.Multiply(KernelLevel.Scalar, fixture.Input);
        float largest = expected.Max(MathF.Abs);
        for (int i = 0; i < expected.Length; i++) Assert.True(MathF.Abs(expected[i] - actual[i]) <= 2e-5f * largest, $"{i}: {actual[i]} instead of {expected[i]}, largest {largest}");
    }

    [Theory]
    [MemberData(nameof(FormatsAndLevels))]
    public void Multiply_AnyNumberOfInputs_GivesTheSameBits(string format, string level)
    {
        using var fixture = new MatrixFixture(Enum.Parse<TensorType>(format), Rows, Columns, Tokens);
        float[] together = fixture.Multiply(Level(level), fixture.Input);
        for (int token = 0; token < Tokens; token++)
        {
            float[] alone = fixture.Multiply(Level(level), fixture.Input.AsSpan(token * Columns, Columns).ToArray());
            Assert.Equal(alone, together.AsSpan(token * Rows, Rows).ToArray());
        }
    }

    [Theory]
    [InlineData("Q8_0", 0)]
    [InlineData("Q4_1", 2)]
    [InlineData("Q6_K", 208)]
    public void Pack_ScaleThatIsNoNumber_GivesNaN(string format, int offset)
    {
        using var fixture = new MatrixFixture(Enum.Parse<TensorType>(format), Rows, Columns, Tokens, (weights, _) => (weights[offset], weights[offset + 1]) = (0, 0x7E));
        foreach (KernelLevel level in Enum.GetValues<KernelLevel>().Where(KernelChoice.IsSupported)) Assert.True(float.IsNaN(fixture.Multiply(level, fixture.Input)[0]), level.ToString());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Multiply_InputThatIsNoNumber_GivesNone(float value)
    {
        using var fixture = new MatrixFixture(TensorType.Q8_0, Rows, Columns, Tokens);
        fixture.Input[100] = value;
        foreach (KernelLevel level in Enum.GetValues<KernelLevel>().Where(KernelChoice.IsSupported))
        {
            float[] result = fixture.Multiply(level, fixture.Input);
            Assert.False(float.IsFinite(result[0]), level.ToString());
            Assert.True(float.IsFinite(result[Rows]), level.ToString());
        }
    }

    private static KernelLevel Level(string name)
    {
        KernelLevel level = Enum.Parse<KernelLevel>(name);
        if (!KernelChoice.IsSupported(level)) Assert.Skip($"this machine has no {name}.");
        return level;
    }
}
