namespace Countersign.Engine.Sampling;

/// <summary>Which tokens of a vocabulary may come next, a bit each.</summary>
internal sealed class TokenMask(int size)
{
    private readonly ulong[] _words = new ulong[(size + 63) / 64];

    public int Size { get; } = size;

    public ReadOnlySpan<ulong> Words => _words;

    public bool IsEmpty => !_words.AsSpan().ContainsAnyExcept(0UL);

    public bool this[int id] => (_words[id >> 6] >> id & 1) != 0;

    public void Allow(int id) => _words[id >> 6] |= 1UL << id;

    public void Forbid(int id) => _words[id >> 6] &= ~(1UL << id);

    public void AllowAllOf(TokenMask other)
    {
        for (int i = 0; i < _words.Length; i++) _words[i] |= other._words[i];
    }

    public int CountAllowed()
    {
        int count = 0;
        foreach (ulong word in _words) count += System.Numerics.BitOperations.PopCount(word);
        return count;
    }
}
