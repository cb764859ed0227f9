using Countersign.Engine.Kernels;
using Countersign.Engine.Models;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Cache;

/// <summary>Keys and values in pages of 16 positions, all layers of a position together. Pages are counted, so that sequences
/// with the same beginning share them. Not thread-safe: the engine's own thread uses it.</summary>
internal sealed unsafe class KvCache : IDisposable
{
    public const int PageLength = AttentionKernel.PageLength;

    private readonly LayerShape[] layers;
    private readonly long[] keyOffsets;
    private readonly long[] valueOffsets;
    private readonly long pageFloats;
    private readonly LargePageMemory memory = new();
    private readonly List<nint> pages = [];
    private readonly List<int> references = [];
    private readonly Stack<int> free = new();

    public KvCache(ModelShape shape, int maxPages)
    {
        layers = shape.Layers;
        MaxPages = maxPages;
        keyOffsets = new long[layers.Length];
        valueOffsets = new long[layers.Length];
        for (int i = 0; i < layers.Length; i++)
        {
            LayerShape layer = layers[i];
            if (!Holds(layer, i)) continue;
            keyOffsets[i] = pageFloats;
            valueOffsets[i] = pageFloats + (long)layer.KvHeads * layer.KeyLength * PageLength;
            pageFloats = valueOffsets[i] + (long)layer.KvHeads * layer.ValueLength * PageLength;
        }
    }

    /// <summary>How many pages there may be; <see cref="TryRent"/> fails beyond.</summary>
    public int MaxPages { get; }

    public int PagesInUse => pages.Count - free.Count;

    /// <summary>Bytes of one page of a model of this shape.</summary>
    public static long PageBytes(ModelShape shape)
    {
        long numbers = 0;
        for (int i = 0; i < shape.Layers.Length; i++)
        {
            LayerShape layer = shape.Layers[i];
            if (Holds(layer, i)) numbers += (long)layer.KvHeads * (layer.KeyLength + layer.ValueLength);
        }

        return numbers * PageLength * sizeof(float);
    }

    /// <summary>A page with one reference; false where all are taken.</summary>
    public bool TryRent(out int page)
    {
        if (!free.TryPop(out page))
        {
            if (pages.Count >= MaxPages) return false;
            page = pages.Count;
            pages.Add((nint)memory.Take(pageFloats * sizeof(float)));
            references.Add(0);
        }

        references[page] = 1;
        return true;
    }

    public void AddReference(int page) => references[page]++;

    public int ReferenceCount(int page) => references[page];

    public void Release(int page)
    {
        if (--references[page] == 0) free.Push(page);
    }

    /// <summary>Keys of a page, (number, position).</summary>
    public float* Keys(int page, int layer, int head) =>
        (float*)pages[page] + keyOffsets[layer] + (long)head * layers[layer].KeyLength * PageLength;

    /// <summary>Values of a page, (position, number).</summary>
    public float* Values(int page, int layer, int head) =>
        (float*)pages[page] + valueOffsets[layer] + (long)head * layers[layer].ValueLength * PageLength;

    private static bool Holds(LayerShape layer, int index) => layer.Mixer is MixerKind.Attention or MixerKind.LatentAttention && layer.KvSource == index;

    public void Dispose() => memory.Dispose();
}
