using Countersign.Engine.Cache;
using Countersign.Engine.Kernels;
using Countersign.Engine.Tensors;

namespace Countersign.Engine.Models;

/// <summary>Softmax attention of a batch over the paged cache, in units of four queries that share a key head.</summary>
internal sealed unsafe class AttentionCore : IDisposable
{
    private readonly ForwardContext context;
    private readonly int layer;
    private readonly LayerShape shape;
    private readonly int group;
    private readonly float scale;
    private readonly float* sinks;
    private readonly WorkerSpace[] spaces;
    private readonly Action<int, int> unit;
    private readonly Action<int, int> store;
    private float* queries;
    private float* keys;
    private float* values;
    private float* outputs;
    private int queryStride;
    private int keyStride;
    private int valueStride;

    public AttentionCore(ForwardContext context, int layer, NativeBuffer? sinks)
    {
        (this.context, this.layer, shape) = (context, layer, context.Shape.Layers[layer]);
        group = shape.Heads / shape.KvHeads;
        scale = context.Shape.AttentionScale > 0 ? context.Shape.AttentionScale : 1f / MathF.Sqrt(shape.KeyLength);
        this.sinks = sinks is null ? null : sinks.Floats;
        spaces = [.. Enumerable.Range(0, context.Pool.Threads).Select(static _ => new WorkerSpace())];
        unit = RunUnit;
        store = StoreRow;
    }

    /// <summary>Writes the keys and values of the batch into the cache.</summary>
    public void Store(float* newKeys, int newKeyStride, float* newValues, int newValueStride)
    {
        keys = newKeys;
        values = newValues;
        (keyStride, valueStride) = (newKeyStride, newValueStride);
        context.EachRow(store);
    }

    /// <summary>output (row, head, value) from queries (row, head, key).</summary>
    public void Run(float* from, int stride, float* to)
    {
        queries = from;
        outputs = to;
        queryStride = stride;
        int units = 0;
        foreach (BatchRun run in context.Batch.Runs) units += Tiles(run) * shape.KvHeads;
        if (context.Rows == 1 && context.Batch.Positions[0] < 64) for (int i = 0; i < units; i++) RunUnit(i, 0);
        else context.Pool.Run(units, unit);
    }

    public void Dispose()
    {
        foreach (WorkerSpace space in spaces) space.Dispose();
    }

    private int Tiles(BatchRun run) => (run.Count * group + AttentionTile.Width - 1) / AttentionTile.Width;

    private void StoreRow(int row, int worker)
    {
        BatchRun run = RunOfRow(row);
        int position = run.Position + row - run.Row, page = run.Sequence.PageAt(position / KvCache.PageLength), place = position % KvCache.PageLength;
        for (int head = 0; head < shape.KvHeads; head++)
        {
            float* key = keys + (long)row * keyStride + head * shape.KeyLength, target = context.Cache.Keys(page, layer, head) + place;
            for (int i = 0; i < shape.KeyLength; i++) target[i * KvCache.PageLength] = key[i];
            float* value = values + (long)row * valueStride + head * shape.ValueLength;
            Buffer.MemoryCopy(value, context.Cache.Values(page, layer, head) + place * shape.ValueLength, shape.ValueLength * 4L, shape.ValueLength * 4L);
        }
    }

    private BatchRun RunOfRow(int row)
    {
        List<BatchRun> runs = context.Batch.Runs;
        int low = 0, high = runs.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (runs[middle].Row <= row) low = middle;
            else high = middle - 1;
        }

        return runs[low];
    }

    private void RunUnit(int index, int worker)
    {
        foreach (BatchRun run in context.Batch.Runs)
        {
            int units = Tiles(run) * shape.KvHeads;
            if (index < units)
            {
                RunTile(run, index / shape.KvHeads, index % shape.KvHeads, spaces[worker]);
                return;
            }

            index -= units;
        }
    }

    private void RunTile(BatchRun run, int tileIndex, int kvHead, WorkerSpace space)
    {
        int total = run.Position + run.Count, first = tileIndex * AttentionTile.Width, count = run.Count * group;
        space.Fit(total);
        ref AttentionTile tile = ref space.Tile;
        tile.Used = Math.Min(AttentionTile.Width, count - first);
        int begin = int.MaxValue, end = 0;
        for (int i = 0; i < AttentionTile.Width; i++)
        {
            int query = first + Math.Min(i, tile.Used - 1), row = run.Row + query / group, head = kvHead * group + query % group;
            var range = Range(run.Position + query / group, total);
            (tile.Begin[i], tile.End[i]) = range;
            tile.Queries[i] = queries + (long)row * queryStride + head * shape.KeyLength;
            tile.Outputs[i] = outputs + ((long)row * shape.Heads + head) * shape.ValueLength;
            tile.Sinks[i] = sinks is null ? null : sinks[head];
            begin = Math.Min(begin, range.Begin);
            end = Math.Max(end, range.End);
        }

        int firstPage = begin / KvCache.PageLength, pages = (end + KvCache.PageLength - 1) / KvCache.PageLength;
        for (int page = firstPage; page < pages; page++)
        {
            space.Keys[page] = context.Cache.Keys(run.Sequence.PageAt(page), shape.KvSource, kvHead);
            space.Values[page] = context.Cache.Values(run.Sequence.PageAt(page), shape.KvSource, kvHead);
        }

        AttentionKernel.Score(ref tile, space.Keys, firstPage, pages, shape.KeyLength);
        AttentionKernel.Weigh(ref tile, firstPage, pages, scale, context.Shape.AttentionSoftCap);
        AttentionKernel.Mix(ref tile, space.Values, firstPage, end, shape.ValueLength);
    }

    private (int Begin, int End) Range(int position, int total)
    {
        if (!context.Shape.Causal)
        {
            int half = shape.Window / 2;
            return shape.Window == 0 ? (0, total) : (Math.Max(0, position - half), Math.Min(total, position + half + 1));
        }

        int begin = shape.Window == 0 ? 0 : Math.Max(0, position - shape.Window + 1);
        if (shape.Chunk > 0) begin = Math.Max(begin, position / shape.Chunk * shape.Chunk);
        return (begin, position + 1);
    }

    /// <summary>Scores and page pointers of one thread; grows with the longest sequence seen.</summary>
    private sealed class WorkerSpace : IDisposable
    {
        private NativeBuffer memory = new(0);
        private int length;

        public AttentionTile Tile = AttentionTile.Create();

        public float** Keys { get; private set; }

        public float** Values { get; private set; }

        public void Fit(int positions)
        {
            if (positions <= length) return;
            memory.Dispose();
            length = Math.Max(1024, positions * 2);
            int pages = length / KvCache.PageLength + 2, stride = pages * KvCache.PageLength;
            memory = new NativeBuffer((long)stride * AttentionTile.Width * sizeof(float) + pages * 2L * sizeof(float*));
            Tile.Scores = memory.Floats;
            Tile.ScoreStride = stride;
            Keys = (float**)(memory.Floats + (long)stride * AttentionTile.Width);
            Values = Keys + pages;
        }

        public void Dispose() => memory.Dispose();
    }
}
