using Countersign.Engine.Kernels;

namespace Countersign.Engine.Tests.Kernels;

public sealed class ComputePoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Run_ManyTimes_EveryChunkExactlyOnce(int threads)
    {
        using var pool = new ComputePool(threads);
        var counts = new int[97];
        for (int round = 1; round <= 2000; round++)
        {
            pool.Run(counts.Length, (chunk, _) => Interlocked.Increment(ref counts[chunk]));
            if (round % 500 == 0) Assert.All(counts, count => Assert.Equal(round, count));
        }
    }

    [Fact]
    public void Run_ChunkThrows_ThrowsAndStaysUsable()
    {
        using var pool = new ComputePool(2);
        Assert.Throws<AggregateException>(() => pool.Run(8, static (chunk, _) =>
        {
            if (chunk == 3) throw new InvalidOperationException("three");
        }));
        int sum = 0;
        pool.Run(8, (chunk, _) => Interlocked.Add(ref sum, chunk));
        Assert.Equal(28, sum);
    }

    [Fact]
    public void Choose_UnknownOrMissingLevel_SaysSo()
    {
        Assert.Equal(KernelLevel.Scalar, KernelChoice.Choose("scalar"));
        Assert.Contains("can be scalar", Assert.Throws<InvalidOperationException>(() => KernelChoice.Choose("sse")).Message, StringComparison.Ordinal);
        if (!KernelChoice.IsSupported(KernelLevel.Avx512)) Assert.Throws<InvalidOperationException>(() => KernelChoice.Choose("avx512"));
    }
}
