using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Countersign.Engine.Cache;

/// <summary>Full pages by what they hold: each is known by the hash of all tokens up to its end, so that a sequence with the same beginning
/// takes it over. SHA-256, so that nobody can make a prompt that finds another's page. Full pages never change. The least recently used go first.</summary>
internal sealed class PrefixCache(KvCache cache)
{
    private readonly Dictionary<UInt128, LinkedListNode<Entry>> byHash = [];
    private readonly LinkedList<Entry> byUse = new(); // the least recently used first

    private readonly record struct Entry(UInt128 Hash, int Page);

    /// <summary>Lets a new sequence take over the pages of the longest known beginning of its tokens, but not of its last token, whose logits are needed.</summary>
    public void Adopt(SequenceState state, ReadOnlySpan<int> tokens)
    {
        int pages = 0;
        UInt128 hash = default;
        while ((pages + 1) * KvCache.PageLength < tokens.Length)
        {
            UInt128 next = HashOf(hash, tokens.Slice(pages * KvCache.PageLength, KvCache.PageLength));
            if (!byHash.TryGetValue(next, out LinkedListNode<Entry>? node)) break;
            state.Adopt(node.Value.Page);
            byUse.Remove(node);
            byUse.AddLast(node);
            hash = next;
            pages++;
        }

        state.Shared = (pages, hash);
    }

    /// <summary>Makes the full pages of a sequence known.</summary>
    public void Share(SequenceState state, ReadOnlySpan<int> tokens)
    {
        var (pages, hash) = state.Shared;
        for (int full = state.Length / KvCache.PageLength; pages < full; pages++)
        {
            hash = HashOf(hash, tokens.Slice(pages * KvCache.PageLength, KvCache.PageLength));
            if (byHash.ContainsKey(hash)) continue; // Computed by two sequences at once: the second's page stays its own.
            int page = state.PageAt(pages);
            cache.AddReference(page);
            byHash.Add(hash, byUse.AddLast(new Entry(hash, page)));
        }

        state.Shared = (pages, hash);
    }

    /// <summary>Makes room for <paramref name="count"/> further positions of a sequence, where need be by forgetting pages that no sequence holds; false where that is not enough.</summary>
    public bool TryReserve(SequenceState state, int count)
    {
        while (!state.TryReserve(count))
        {
            if (!TryEvict()) return false;
        }

        return true;
    }

    /// <summary>Frees the least recently used page that no sequence holds; false where there is none.</summary>
    private bool TryEvict()
    {
        for (LinkedListNode<Entry>? node = byUse.First; node is not null; node = node.Next)
        {
            if (cache.ReferenceCount(node.Value.Page) > 1) continue;
            cache.Release(node.Value.Page);
            byHash.Remove(node.Value.Hash);
            byUse.Remove(node);
            return true;
        }

        return false;
    }

    private static UInt128 HashOf(UInt128 before, ReadOnlySpan<int> tokens)
    {
        Span<byte> input = stackalloc byte[16 + KvCache.PageLength * sizeof(int)], digest = stackalloc byte[SHA256.HashSizeInBytes];
        MemoryMarshal.Write(input, before);
        MemoryMarshal.AsBytes(tokens).CopyTo(input[16..]);
        SHA256.HashData(input, digest);
        return MemoryMarshal.Read<UInt128>(digest);
    }
}
