using Countersign.Engine.Tokenizers;

namespace Countersign.Engine.Sampling.Grammar;

/// <summary>What is known of the grammars used last with one model, so that the next request with the same grammar finds its masks. Safe for many threads;
/// the masks themselves belong to the thread that samples.</summary>
internal sealed class GrammarCache(Tokenizer tokenizer, int vocabularySize)
{
    private const int Capacity = 16;

    private readonly Lazy<TokenTrie> _trie = new(() => new TokenTrie(tokenizer));
    private readonly LinkedList<(string Key, GrammarMasks Masks)> _recent = new();
    private readonly Lock _gate = new();

    /// <summary>The masks of a grammar.</summary>
    public GrammarMasks Of(OutputGrammar grammar)
    {
        TokenTrie trie = _trie.Value;
        lock (_gate)
        {
            var node = _recent.First;
            while (node is not null && node.Value.Key != grammar.Key) node = node.Next;
            if (node is null) node = new((grammar.Key, new GrammarMasks(new GrammarMachine(grammar.Graph), trie, vocabularySize)));
            else _recent.Remove(node);
            _recent.AddFirst(node);
            if (_recent.Count > Capacity) _recent.RemoveLast();
            return node.Value.Masks;
        }
    }
}
