using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Sampling.Grammar;

/// <summary>The tokens of a vocabulary by their bytes, one node for each prefix, a parent before its children and all of them before its next sibling.
/// Control tokens, tokens that end an answer and tokens without bytes are not in it. Immutable.</summary>
internal sealed class TokenTrie
{
    private readonly List<byte> _bytes = [0];
    private readonly List<int> _depths = [0];
    private readonly List<int> _ends = [0];
    private readonly List<int> _firstTokens = [0];
    private readonly int[] _tokens;

    public TokenTrie(Tokenizer tokenizer)
    {
        _tokens = [.. Enumerable.Range(0, tokenizer.Count).Where(id => tokenizer.TokenBytes(id).Length > 0 && !tokenizer.IsEndOfGeneration(id))];
        Array.Sort(_tokens, (a, b) => tokenizer.TokenBytes(a).SequenceCompareTo(tokenizer.TokenBytes(b)) is not 0 and int order ? order : a.CompareTo(b));
        EndTokens = [.. Enumerable.Range(0, tokenizer.Count).Where(tokenizer.IsEndOfGeneration)];
        Build(tokenizer);
        (Bytes, Depths, Ends, FirstTokens) = ([.. _bytes], [.. _depths], [.. _ends], [.. _firstTokens]);
    }

    /// <summary>The last byte of each node's prefix; the first node is the empty prefix.</summary>
    public byte[] Bytes { get; }

    /// <summary>Length of each node's prefix.</summary>
    public int[] Depths { get; }

    /// <summary>The node after the last one below each node.</summary>
    public int[] Ends { get; }

    /// <summary>Where each node's tokens begin in <see cref="Tokens"/>; they end where the next node's begin.</summary>
    public int[] FirstTokens { get; }

    public ReadOnlySpan<int> Tokens => _tokens;

    /// <summary>The tokens that end an answer.</summary>
    public int[] EndTokens { get; }

    public int LongestToken => Depths.Max();

    private void Build(Tokenizer tokenizer)
    {
        var path = new Stack<int>([0]);
        ReadOnlySpan<byte> previous = [];
        for (int i = 0; i < _tokens.Length; i++)
        {
            ReadOnlySpan<byte> bytes = tokenizer.TokenBytes(_tokens[i]);
            for (int shared = previous.CommonPrefixLength(bytes); path.Count > shared + 1;) _ends[path.Pop()] = _bytes.Count;
            for (int depth = path.Count; depth <= bytes.Length; depth++)
            {
                path.Push(_bytes.Count);
                _bytes.Add(bytes[depth - 1]);
                _depths.Add(depth);
                _ends.Add(0);
                _firstTokens.Add(i);
            }

            previous = bytes;
        }

        while (path.TryPop(out int node)) _ends[node] = _bytes.Count;
        _firstTokens.Add(_tokens.Length);
    }
}
