namespace Countersign.Engine.Sampling.Grammar;

/// <summary>What is known of the tokens at a node without its stack.</summary>
internal sealed class RuleTokens
{
    private readonly int[] _few;
    private readonly TokenMask? _many;

    /// <param name="allowed">Tokens that stay within the rule, or end with it.</param>
    /// <param name="leaving">Nodes of the trie where the rule may be over and longer tokens go on.</param>
    /// <param name="vocabularySize">Tokens in the vocabulary.</param>
    public RuleTokens(List<int> allowed, List<int> leaving, int vocabularySize)
    {
        Leaving = [.. leaving];
        _few = [];
        if (allowed.Count <= vocabularySize / 32)
        {
            _few = [.. allowed];
            return;
        }

        _many = new TokenMask(vocabularySize);
        foreach (int token in allowed) _many.Allow(token);
    }

    public int[] Leaving { get; }

    /// <summary>Whether it takes as much memory as a mask.</summary>
    public bool IsDense => _many is not null;

    public void AddTo(TokenMask mask)
    {
        if (_many is not null) mask.AllowAllOf(_many);
        foreach (int token in _few) mask.Allow(token);
    }
}
