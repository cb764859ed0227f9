namespace Countersign.Engine.Tokenizers;

/// <summary>Which two neighbouring symbols become which third, and how soon: a hash table from a pair of ids to rank and id.
/// BPE ranks are the places in the merge list; an SPM vocabulary has the same thing implied by its scores.</summary>
internal sealed class MergeTable
{
    private readonly ulong[] _keys;
    private readonly long[] _values; // rank in the upper half, merged id in the lower
    private readonly int _shift;

    private MergeTable(int capacity)
    {
        int bits = Math.Max(4, 65 - System.Numerics.BitOperations.LeadingZeroCount((ulong)capacity));
        _keys = new ulong[1 << bits];
        _values = new long[1 << bits];
        _shift = 64 - bits;
        Array.Fill(_keys, ulong.MaxValue);
    }

    /// <summary>Rank and merged id of the pair as one number that orders by rank, or <see cref="long.MaxValue"/>.</summary>
    public long Find(int left, int right)
    {
        if ((left | right) < 0) return long.MaxValue; // A character outside the vocabulary merges with nothing.
        ulong key = (ulong)(uint)left << 32 | (uint)right;
        for (int slot = (int)(key * 0x9E3779B97F4A7C15UL >> _shift); ; slot = slot + 1 & _keys.Length - 1)
        {
            ulong found = _keys[slot];
            if (found == key) return _values[slot];
            if (found == ulong.MaxValue) return long.MaxValue;
        }
    }

    public static MergeTable FromMerges(IReadOnlyList<string> merges, SymbolTable symbols)
    {
        var table = new MergeTable(merges.Count);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            string merge = merges[rank];
            int space = merge.Length > 1 ? merge.IndexOf(' ', 1) : -1;
            if (space < 0) continue;
            int left = symbols.AddOrFind(merge.AsSpan(0, space));
            int right = symbols.AddOrFind(merge.AsSpan(space + 1));
            table.Add(left, right, rank, symbols.AddOrFind(string.Concat(merge.AsSpan(0, space), merge.AsSpan(space + 1))));
        }

        return table;
    }

    /// <summary>Every cut of every token into two symbols, ranked by the token's score, best first.</summary>
    public static MergeTable FromScores(IReadOnlyList<string> tokens, IReadOnlyList<float>? scores, SymbolTable symbols)
    {
        int[] ranks = RankByScore(tokens.Count, scores);
        var pairs = new List<(int Left, int Right, int Rank, int Id)>(tokens.Count * 3);
        for (int id = 0; id < tokens.Count; id++)
        {
            string text = tokens[id];
            if (symbols.Find(text) != id || text.Length > 256) continue;
            for (int cut = 1; cut < text.Length; cut++)
            {
                if (char.IsLowSurrogate(text[cut])) continue;
                int left = symbols.FindOrAddCharacter(text.AsSpan(0, cut));
                if (left < 0) continue;
                int right = symbols.FindOrAddCharacter(text.AsSpan(cut));
                if (right >= 0) pairs.Add((left, right, ranks[id], id));
            }
        }

        var table = new MergeTable(pairs.Count);
        foreach ((int left, int right, int rank, int id) in pairs) table.Add(left, right, rank, id);
        return table;
    }

    private static int[] RankByScore(int count, IReadOnlyList<float>? scores)
    {
        var ranks = new int[count];
        if (scores is null) return ranks;
        int[] order = [.. Enumerable.Range(0, count).OrderByDescending(i => float.IsNaN(scores[i]) ? float.NegativeInfinity : scores[i])];
        for (int i = 1; i < count; i++) ranks[order[i]] = ranks[order[i - 1]] + (scores[order[i]] == scores[order[i - 1]] ? 0 : 1);
        return ranks;
    }

    private void Add(int left, int right, int rank, int id)
    {
        ulong key = (ulong)(uint)left << 32 | (uint)right;
        int slot = (int)(key * 0x9E3779B97F4A7C15UL >> _shift);
        while (_keys[slot] != ulong.MaxValue)
        {
            if (_keys[slot] == key) return; // The first of two equal merges counts.
            slot = slot + 1 & _keys.Length - 1;
        }

        _keys[slot] = key;
        _values[slot] = (long)rank << 32 | (uint)id;
    }
}
