using Countersign.Engine;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>The grammars used last, compiled. Thread-safe.</summary>
internal sealed class CompiledGrammars
{
    private const int Capacity = 64;

    private readonly Lock gate = new();
    private readonly LinkedList<(string Key, OutputGrammar Grammar)> recent = new();

    /// <summary>The grammar under a key; compiled where it is not known. What cannot be compiled is not kept.</summary>
    public OutputGrammar Of(string key, Func<string, OutputGrammar> compile)
    {
        if (Find(key) is { } known) return known;
        var grammar = compile(key);
        lock (gate)
        {
            recent.AddFirst((key, grammar));
            if (recent.Count > Capacity) recent.RemoveLast();
        }

        return grammar;
    }

    private OutputGrammar? Find(string key)
    {
        lock (gate)
        {
            var node = recent.First;
            while (node is not null && node.Value.Key != key) node = node.Next;
            if (node is null) return null;
            recent.Remove(node);
            recent.AddFirst(node);
            return node.Value.Grammar;
        }
    }
}
