namespace Countersign.Engine.Sampling.Grammar;

/// <summary>Which tokens may follow in each state of a grammar. Most of a mask depends only on the place in its rule, not on the stack: that part is found once for each node;
/// only tokens that go on beyond the end of the rule are looked up with the stack. For one thread at a time.</summary>
internal sealed class GrammarMasks(GrammarMachine machine, TokenTrie trie, int vocabularySize)
{
    private readonly Dictionary<int, RuleTokens> _ofNode = [];
    private readonly GrammarState[] _path = new GrammarState[trie.LongestToken + 1];
    private readonly List<int> _allowed = [];
    private readonly List<int> _leaving = [];
    private int _held;

    public GrammarMachine Machine => machine;

    /// <summary>The tokens that may follow <paramref name="state"/>; those that end the answer are among them where the grammar may end.</summary>
    public TokenMask Of(GrammarState state)
    {
        if (state.Mask is { } known) return known;
        MakeRoom();
        var mask = new TokenMask(vocabularySize);
        foreach (GrammarPosition position in state.Positions)
        {
            RuleTokens tokens = OfNode(position.Node);
            tokens.AddTo(mask);
            if (tokens.Leaving.Length > 0 && machine.Returned(position.Stack) is { } outer) AddBeyond(tokens.Leaving, outer, mask);
        }

        if (state.IsAccepting)
        {
            foreach (int token in trie.EndTokens) mask.Allow(token);
        }

        return state.Mask = mask;
    }

    private void MakeRoom()
    {
        if (++_held <= GrammarLimits.Masks) return;
        machine.Forget();
        _ofNode.Clear();
        _held = 1;
    }

    private void AddBeyond(int[] leaving, GrammarState outer, TokenMask mask)
    {
        _allowed.Clear();
        foreach (int node in leaving)
        {
            _path[trie.Depths[node]] = outer;
            Walk(node + 1, trie.Ends[node], null);
        }

        foreach (int token in _allowed) mask.Allow(token);
    }

    private RuleTokens OfNode(int node)
    {
        if (_ofNode.TryGetValue(node, out RuleTokens? known)) return known;
        _allowed.Clear();
        _leaving.Clear();
        _path[0] = machine.Alone(node);
        Walk(1, trie.Bytes.Length, _leaving);
        var tokens = new RuleTokens(_allowed, _leaving, vocabularySize);
        if (tokens.IsDense) _held++;
        return _ofNode[node] = tokens;
    }

    /// <summary>Follows the trie's nodes from the state on the path above the first one. Notes the tokens, and the inner nodes where the rule may be over.</summary>
    private void Walk(int from, int to, List<int>? leaving)
    {
        byte[] classOf = machine.Graph.ClassOf;
        for (int node = from; node < to;)
        {
            int depth = trie.Depths[node];
            GrammarState above = _path[depth - 1];
            GrammarState state = above.Next[classOf[trie.Bytes[node]]] ?? machine.Step(above, trie.Bytes[node]);
            if (state.IsDead)
            {
                node = trie.Ends[node];
                continue;
            }

            _path[depth] = state;
            for (int i = trie.FirstTokens[node]; i < trie.FirstTokens[node + 1]; i++) _allowed.Add(trie.Tokens[i]);
            if (state.IsAccepting && leaving is not null && trie.Ends[node] > node + 1) leaving.Add(node);
            node++;
        }
    }
}
