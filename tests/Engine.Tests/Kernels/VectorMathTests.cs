using System.Runtime.Intrinsics;
using Countersign.Engine.Kernels;

namespace Countersign.Engine.Tests.Kernels;

public sealed unsafe class VectorMathTests
{
    [Fact]
    public void Exponential_WholeRange_WithinTwoUnits()
    {
        for (float x = -87f; x < 88f; x += 0.01371f)
        {
            double expected = Math.Exp(x);
            Assert.True(Math.Abs(Exponential.Of(Vector256.Create(x))[3] - expected) <= expected * 2.4e-7, $"{x}");
        }
    }

    [Theory]
    [InlineData(float.NaN, float.NaN)]
    [InlineData(float.NegativeInfinity, 1.1754944e-38f)]
    [InlineData(float.PositiveInfinity, 1.7014118e38f)]
    public void Exponential_OutOfRange_IsHeld(float x, float expected)
    {
        float actual = Exponential.Of(Vector256.Create(x))[0];
        Assert.True(float.IsNaN(expected) ? float.IsNaN(actual) : MathF.Abs(actual / expected - 1) < 0.01f, $"{actual}");
    }

    [Theory]
    [InlineData(6)]
    [InlineData(32)]
    [InlineData(37)]
    public void Rotation_BothPairings_RotateEachPair(int half)
    {
        var random = new Random(5);
        float[] head = [.. Enumerable.Range(0, 2 * half).Select(_ => random.NextSingle())], angle = [.. Enumerable.Range(0, half).Select(_ => random.NextSingle() * 6)];
        float[] halves = [.. head], neighbours = [.. head];
        float[] apart = [.. angle.Select(MathF.Cos), .. angle.Select(MathF.Sin)], together = [.. angle.SelectMany(static a => new[] { MathF.Cos(a), MathF.Sin(a) })];
        fixed (float* h = halves, n = neighbours, a = apart, t = together)
        {
            Rotation.Halves(h, a, half);
            Rotation.Neighbours(n, t, half);
        }

        for (int i = 0; i < half; i++)
        {
            var (sine, cosine) = MathF.SinCos(angle[i]);
            Assert.Equal(head[i] * cosine - head[half + i] * sine, halves[i], 1e-6f);
            Assert.Equal(head[i] * sine + head[half + i] * cosine, halves[half + i], 1e-6f);
            Assert.Equal(head[2 * i] * cosine - head[2 * i + 1] * sine, neighbours[2 * i], 1e-6f);
            Assert.Equal(head[2 * i] * sine + head[2 * i + 1] * cosine, neighbours[2 * i + 1], 1e-6f);
        }
    }
}
