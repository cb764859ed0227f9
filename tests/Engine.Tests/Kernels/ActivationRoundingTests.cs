using Countersign.Engine.Kernels;

namespace Countersign.Engine.Tests.Kernels;

public sealed unsafe class ActivationRoundingTests
{
    [Fact]
    public void ToQ8_RaggedLength_RoundsPadsAndSums()
    {
        var random = new Random(11);
        float[] source = [.. Enumerable.Range(0, 90).Select(_ => (random.NextSingle() - 0.5f) * 8)];
        var quants = new sbyte[96];
        var sums = new float[3 * Activations.SumsPerBlock];
        fixed (float* from = source, to = sums) fixed (sbyte* target = quants) ActivationRounding.ToQ8(from, source.Length, target, to);
        for (int i = 0; i < 96; i++)
        {
            float scale = sums[i / 32 * 4];
            Assert.True(MathF.Abs((i < 90 ? source[i] : 0) - quants[i] * scale) <= scale * 0.51f);
        }

        for (int block = 0; block < 3; block++)
        {
            int low = quants.Skip(block * 32).Take(16).Sum(static q => q), high = quants.Skip(block * 32 + 16).Take(16).Sum(static q => q);
            Assert.Equal([sums[4 * block] * low, sums[4 * block] * high, sums[4 * block] * (low + high)], sums.AsSpan(4 * block + 1, 3).ToArray());
        }
    }
}
