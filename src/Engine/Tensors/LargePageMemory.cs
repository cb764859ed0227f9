using System.Runtime.InteropServices;

namespace Countersign.Engine.Tensors;

/// <summary>Zeroed memory for weights and caches, which is given back all at once. On Linux it asks for large pages: weights handed out in the
/// order of loading, which is the order of use, then lie in one line, and the pages of a cache cost no address translations.</summary>
internal sealed unsafe partial class LargePageMemory : IDisposable
{
    private const long SlabBytes = 64L << 20;
    private const nuint LargePage = 2 << 20;
    private const int AdviseLargePages = 14; // MADV_HUGEPAGE

    private readonly List<(nint Memory, long Bytes)> slabs = [];
    private long used;

    /// <summary>Memory aligned to 64 bytes that lives as long as this.</summary>
    public byte* Take(long byteCount)
    {
        long rounded = (byteCount + 63) & ~63L;
        if (slabs.Count == 0 || slabs[^1].Bytes - used < rounded) AddSlab(rounded);
        byte* memory = (byte*)slabs[^1].Memory + used;
        used += rounded;
        NativeMemory.Clear(memory, (nuint)rounded);
        return memory;
    }

    public void Dispose()
    {
        foreach (var (memory, bytes) in slabs)
        {
            NativeMemory.AlignedFree((void*)memory);
            GC.RemoveMemoryPressure(bytes);
        }

        slabs.Clear();
    }

    private void AddSlab(long needed)
    {
        long bytes = (Math.Max(needed, SlabBytes) + (long)LargePage - 1) & ~((long)LargePage - 1);
        void* memory = NativeMemory.AlignedAlloc((nuint)bytes, LargePage);
        if (OperatingSystem.IsLinux()) _ = Advise(memory, (nuint)bytes, AdviseLargePages); // A refusal costs speed only.
        GC.AddMemoryPressure(bytes);
        slabs.Add(((nint)memory, bytes));
        used = 0;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(void* address, nuint length, int advice);
}
