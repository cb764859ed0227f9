namespace Countersign.Engine.Sampling;

/// <summary>How often each token stands in the last so many: what the penalties look at.</summary>
internal sealed class TokenHistory
{
    private readonly int[] _ring;
    private readonly Dictionary<int, int> _counts;
    private int _next;
    private int _held;

    /// <param name="lastN">The window's length; -1 for no end.</param>
    public TokenHistory(int lastN)
    {
        _ring = lastN < 0 ? [] : new int[lastN];
        _counts = new Dictionary<int, int>(lastN < 0 ? 1024 : Math.Min(lastN + 1, 1 << 16));
    }

    public void Add(int id)
    {
        if (_ring.Length > 0)
        {
            if (_held == _ring.Length) Remove(_ring[_next]);
            else _held++;
            _ring[_next] = id;
            _next = (_next + 1) % _ring.Length;
        }

        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_counts, id, out _)++;
    }

    /// <summary>Becomes what another history of the same length is.</summary>
    public void Follow(TokenHistory other)
    {
        other._ring.CopyTo(_ring, 0);
        (_next, _held) = (other._next, other._held);
        _counts.Clear();
        foreach ((int id, int count) in other._counts) _counts.Add(id, count);
    }

    public void Penalise(Span<float> logits, SamplingOptions options)
    {
        foreach ((int id, int count) in _counts)
        {
            if ((uint)id >= (uint)logits.Length) continue;
            float logit = logits[id];
            logit = logit <= 0 ? logit * options.RepetitionPenalty : logit / options.RepetitionPenalty;
            logits[id] = logit - count * options.FrequencyPenalty - options.PresencePenalty;
        }
    }

    private void Remove(int id)
    {
        if (_counts[id] == 1) _counts.Remove(id);
        else _counts[id]--;
    }
}
