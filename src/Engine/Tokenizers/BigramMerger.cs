namespace Countersign.Engine.Tokenizers;

/// <summary>Merges neighbouring symbols, best rank first and leftmost among equals, until no pair is in the table. Reused from word to word; one per thread.</summary>
internal sealed class BigramMerger
{
    private const int ShortWord = 24;
    private int[] _ids = new int[256];
    private int[] _next = [];
    private int[] _previous = [];
    private readonly PriorityQueue<(int Left, int LeftId, int Right, int RightId, int MergedId), ulong> _queue = new();

    public int Count { get; private set; }
    public ReadOnlySpan<int> Symbols => _ids.AsSpan(0, Count);

    public void Clear() => Count = 0;

    public void Add(int symbol)
    {
        if (Count == _ids.Length) Array.Resize(ref _ids, _ids.Length * 2);
        _ids[Count++] = symbol;
    }

    /// <summary>Merges what was added; the result is in <see cref="Symbols"/>.</summary>
    public void Merge(MergeTable table)
    {
        if (Count <= ShortWord) MergeShort(table);
        else MergeLong(table);
    }

    private void MergeShort(MergeTable table)
    {
        Span<long> merges = stackalloc long[ShortWord];
        for (int i = 0; i + 1 < Count; i++) merges[i] = table.Find(_ids[i], _ids[i + 1]);
        while (Count > 1)
        {
            int best = 0;
            for (int i = 1; i + 1 < Count; i++)
            {
                if (merges[i] >> 32 < merges[best] >> 32) best = i;
            }

            if (merges[best] == long.MaxValue) return;
            _ids[best] = (int)merges[best];
            Count--;
            for (int i = best + 1; i < Count; i++)
            {
                _ids[i] = _ids[i + 1];
                merges[i] = merges[i + 1];
            }

            if (best > 0) merges[best - 1] = table.Find(_ids[best - 1], _ids[best]);
            if (best + 1 < Count) merges[best] = table.Find(_ids[best], _ids[best + 1]);
        }
    }

    private void MergeLong(MergeTable table)
    {
        if (_next.Length < Count) (_next, _previous) = (new int[_ids.Length], new int[_ids.Length]);
        _queue.Clear();
        for (int i = 0; i < Count; i++) (_next[i], _previous[i]) = (i + 1 < Count ? i + 1 : -1, i - 1);
        for (int i = 0; i + 1 < Count; i++) Consider(table, i, i + 1);
        while (_queue.TryDequeue(out var pair, out _))
        {
            if (_ids[pair.Left] != pair.LeftId || _ids[pair.Right] != pair.RightId || _next[pair.Left] != pair.Right) continue;
            _ids[pair.Left] = pair.MergedId;
            _ids[pair.Right] = int.MinValue;
            int next = _next[pair.Right];
            _next[pair.Left] = next;
            if (next >= 0)
            {
                _previous[next] = pair.Left;
                Consider(table, pair.Left, next);
            }

            if (_previous[pair.Left] >= 0) Consider(table, _previous[pair.Left], pair.Left);
        }

        int kept = 0;
        for (int i = 0; i >= 0; i = _next[i]) _ids[kept++] = _ids[i];
        Count = kept;
        if (_ids.Length > 1 << 16) _queue.TrimExcess();
    }

    private void Consider(MergeTable table, int left, int right)
    {
        long merge = table.Find(_ids[left], _ids[right]);
        if (merge != long.MaxValue)
            _queue.Enqueue((left, _ids[left], right, _ids[right], (int)merge), (ulong)(merge >> 32) << 32 | (uint)left);
    }
}
