using Countersign.Engine.Tensors;

namespace Countersign.Engine.Cache;

/// <summary>What the model remembers of one sequence: its pages of keys and values, and the states of recurrent layers.</summary>
internal sealed class SequenceState(KvCache cache, int layers) : IDisposable
{
    private readonly List<int> pages = [];
    private readonly NativeBuffer?[] recurrent = new NativeBuffer?[layers];

    /// <summary>How many positions have been computed.</summary>
    public int Length { get; private set; }

    public IReadOnlyList<int> Pages => pages;

    /// <summary>How many of the pages are known to the <see cref="PrefixCache"/>, and the hash of everything up to the last of them.</summary>
    public (int Pages, UInt128 Hash) Shared { get; set; }

    public int PageAt(int index) => pages[index];

    /// <summary>Makes room for <paramref name="count"/> further positions; false where the cache is full.</summary>
    public bool TryReserve(int count)
    {
        while ((long)pages.Count * KvCache.PageLength < (long)Length + count)
        {
            if (!cache.TryRent(out int page)) return false;
            pages.Add(page);
        }

        return true;
    }

    /// <summary>Goes on with a whole page that another sequence has computed.</summary>
    public void Adopt(int page)
    {
        if (Length != pages.Count * KvCache.PageLength) throw new InvalidOperationException("A page can only be adopted behind whole pages.");
        cache.AddReference(page);
        pages.Add(page);
        Length += KvCache.PageLength;
    }

    public void Advance(int count) => Length += count;

    /// <summary>Forgets everything from position <paramref name="length"/> on. Not for models with recurrent layers.</summary>
    public void Truncate(int length)
    {
        int keep = (length + KvCache.PageLength - 1) / KvCache.PageLength;
        while (pages.Count > keep)
        {
            cache.Release(pages[^1]);
            pages.RemoveAt(pages.Count - 1);
        }

        Length = length;
    }

    /// <summary>The state of a recurrent layer, zero at the beginning.</summary>
    public unsafe float* Recurrent(int layer, long floats) => (recurrent[layer] ??= NativeBuffer.OfFloats(floats)).Floats;

    public void Dispose()
    {
        Truncate(0);
        foreach (NativeBuffer? state in recurrent) state?.Dispose();
        Array.Clear(recurrent);
    }
}
