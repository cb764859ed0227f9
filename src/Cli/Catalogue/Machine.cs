using System.Numerics;

namespace Countersign.Cli.Catalogue;

/// <summary>What this machine can hold, and how fast it reads.</summary>
internal static class Machine
{
    private const int MostThreads = 16;
    private const long BufferBytes = 256L << 20; // Well beyond the caches.
    private static readonly TimeSpan MeasuredFor = TimeSpan.FromMilliseconds(200);

    /// <summary>Bytes of memory that a process may use here: the machine's, or its container's.</summary>
    public static long MemoryBytes { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>Bytes per second that all cores together read from memory, measured for a fifth of a second.</summary>
    public static double MeasureBandwidth(TimeProvider time)
    {
        int threads = Math.Min(Environment.ProcessorCount, MostThreads);
        long length = Math.Min(BufferBytes, MemoryBytes / 8) / sizeof(long);
        long[] numbers = GC.AllocateUninitializedArray<long>((int)length);
        Array.Fill(numbers, 1); // Pages that were never written are all the same one.
        long read = 0, begun = time.GetTimestamp();
        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, part =>
        {
            int share = numbers.Length / threads;
            do Interlocked.Add(ref read, ReadOnce(numbers.AsSpan(part * share, share)));
            while (time.GetElapsedTime(begun) < MeasuredFor);
        });
        return read / time.GetElapsedTime(begun).TotalSeconds;
    }

    /// <summary>Reads them all; the number of bytes.</summary>
    private static long ReadOnce(ReadOnlySpan<long> numbers)
    {
        var (first, second) = (Vector<long>.Zero, Vector<long>.Zero);
        int step = Vector<long>.Count, at = 0;
        for (; at <= numbers.Length - 2 * step; at += 2 * step)
        {
            first += new Vector<long>(numbers[at..]);
            second += new Vector<long>(numbers[(at + step)..]);
        }

        // The sum is ones only: the number of what was read. Using it keeps the reading from being left out.
        return Vector.Sum(first + second) * sizeof(long);
    }
}
