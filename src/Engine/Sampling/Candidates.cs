using System.Numerics;
using System.Numerics.Tensors;

namespace Countersign.Engine.Sampling;

/// <summary>The tokens still in the draw. Each is one number, logit above id, so that sorting them ascending gives the best logit first and the lowest id among equals,
/// on every machine. Buffers for one vocabulary; one instance may serve many sequences, one at a time.</summary>
internal sealed class Candidates(int vocabularySize)
{
    // A token e^-30 times as probable as the best could not be drawn once in the life of the machine, and leaving it out saves sorting the whole vocabulary.
    private const float Negligible = 30f;

    private readonly ulong[] _keys = new ulong[vocabularySize];
    private readonly double[] _weights = new double[vocabularySize];
    private readonly float[] _logits = new float[vocabularySize];
    private bool _sorted;

    public int VocabularySize { get; } = vocabularySize;
    public int Count { get; private set; }

    /// <summary>A copy of <paramref name="logits"/> that may be changed until the next call.</summary>
    public Span<float> CopyOf(ReadOnlySpan<float> logits)
    {
        logits.CopyTo(_logits);
        return _logits.AsSpan(0, logits.Length);
    }

    /// <summary>The best allowed token, the lowest id among equals.</summary>
    public static int Best(ReadOnlySpan<float> logits, TokenMask? mask)
    {
        int best = mask is null ? TensorPrimitives.IndexOfMax(logits) : BestAllowed(logits, mask);
        return best >= 0 && float.IsFinite(logits[best]) ? best : throw NoToken(logits, mask);
    }

    /// <summary>Takes every allowed token that is not hopeless at this temperature.</summary>
    public void Fill(ReadOnlySpan<float> logits, TokenMask? mask, float temperature)
    {
        float threshold = logits[Best(logits, mask)] - Negligible * Math.Max(1f, temperature);
        Count = 0;
        _sorted = false;
        if (mask is null)
        {
            for (int id = 0; id < logits.Length; id++)
            {
                if (logits[id] >= threshold) _keys[Count++] = Key(logits[id], id);
            }

            return;
        }

        ReadOnlySpan<ulong> words = mask.Words;
        for (int w = 0; w < words.Length; w++)
        {
            for (ulong word = words[w]; word != 0; word &= word - 1)
            {
                int id = w * 64 + BitOperations.TrailingZeroCount(word);
                if (id < logits.Length && logits[id] >= threshold) _keys[Count++] = Key(logits[id], id);
            }
        }
    }

    public void KeepTopK(int k)
    {
        if (k <= 0 || k >= Count) return;
        Select(k);
        Count = k;
        Sort();
    }

    public void KeepTypical(float probability)
    {
        if (probability >= 1) return;
        Sort();
        double sum = WeighAt(1f), entropy = 0;
        for (int i = 0; i < Count; i++)
        {
            double p = _weights[i] / sum;
            if (p > 0) entropy -= p * PortableMath.Log(p);
        }

        Span<double> surprise = _weights.AsSpan(0, Count);
        for (int i = 0; i < Count; i++) surprise[i] = surprise[i] > 0 ? Math.Abs(-PortableMath.Log(surprise[i] / sum) - entropy) : double.MaxValue;
        surprise.Sort(_keys.AsSpan(0, Count));
        _sorted = false;
        double max = MaxLogit(), kept = 0;
        for (int i = 0; i < Count; i++)
        {
            kept += PortableMath.Exp(Logit(_keys[i]) - max) / sum;
            if (kept > probability) Count = i + 1;
        }

        Sort();
    }

    public void KeepTopP(float probability)
    {
        if (probability >= 1) return;
        Sort();
        double limit = WeighAt(1f) * probability, kept = 0;
        for (int i = 0; i < Count; i++)
        {
            kept += _weights[i];
            if (kept >= limit) Count = i + 1;
        }
    }

    public void KeepMinP(float fraction)
    {
        if (fraction <= 0) return;
        double floor = MaxLogit() + PortableMath.Log(fraction);
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            if (Logit(_keys[i]) >= floor) _keys[kept++] = _keys[i];
        }

        Count = kept;
    }

    /// <summary>The token at <paramref name="uniform"/> in [0, 1) of the remaining distribution.</summary>
    public int Draw(float temperature, double uniform)
    {
        double target = WeighAt(temperature) * uniform, passed = 0;
        for (int i = 0; i < Count; i++)
        {
            passed += _weights[i];
            if (passed > target) return (int)(uint)_keys[i];
        }

        return (int)(uint)_keys[Count - 1];
    }

    private double WeighAt(float temperature)
    {
        double max = MaxLogit(), sum = 0;
        for (int i = 0; i < Count; i++) sum += _weights[i] = PortableMath.Exp((Logit(_keys[i]) - max) / temperature);
        return sum;
    }

    private double MaxLogit()
    {
        if (_sorted) return Logit(_keys[0]);
        ulong best = ulong.MaxValue;
        for (int i = 0; i < Count; i++) best = Math.Min(best, _keys[i]);
        return Logit(best);
    }

    private void Sort()
    {
        if (!_sorted) _keys.AsSpan(0, Count).Sort();
        _sorted = true;
    }

    // Hoare's selection: afterwards the k smallest keys stand first, in any order. The pivot is the median of three, so order in the input does no harm.
    private void Select(int k)
    {
        int low = 0, high = Count - 1;
        while (low < high)
        {
            ulong a = _keys[low], b = _keys[(low + high) / 2], c = _keys[high];
            ulong pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            int i = low, j = high;
            while (i <= j)
            {
                while (_keys[i] < pivot) i++;
                while (_keys[j] > pivot) j--;
                if (i > j) break;
                (_keys[i], _keys[j]) = (_keys[j], _keys[i]);
                i++;
                j--;
            }

            if (k - 1 <= j) high = j;
            else if (k - 1 >= i) low = i;
            else return;
        }
    }

    private static ulong Key(float logit, int id)
    {
        int bits = BitConverter.SingleToInt32Bits(logit + 0f); // + 0 makes -0 and 0 equal.
        uint ascending = bits < 0 ? ~(uint)bits : (uint)bits | 0x80000000;
        return (ulong)~ascending << 32 | (uint)id;
    }

    private static float Logit(ulong key)
    {
        uint ascending = ~(uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle(ascending >= 0x80000000 ? ascending & 0x7FFFFFFF : ~ascending);
    }

    private static int BestAllowed(ReadOnlySpan<float> logits, TokenMask mask)
    {
        int best = -1;
        ReadOnlySpan<ulong> words = mask.Words;
        for (int w = 0; w < words.Length; w++)
        {
            for (ulong word = words[w]; word != 0; word &= word - 1)
            {
                int id = w * 64 + BitOperations.TrailingZeroCount(word);
                if (id >= logits.Length) return best;
                if (float.IsNaN(logits[id])) return id;
                if (best < 0 || logits[id] > logits[best]) best = id;
            }
        }

        return best;
    }

    private static InvalidDataException NoToken(ReadOnlySpan<float> logits, TokenMask? mask)
    {
        foreach (float logit in logits)
        {
            if (float.IsNaN(logit) || float.IsPositiveInfinity(logit)) return new InvalidDataException("The model's logits are not numbers; its weights are damaged or overflow.");
        }

        return new InvalidDataException(mask is null ? "Every token is forbidden by the logit bias." : "No token is allowed here by both the grammar and the logit bias.");
    }
}
