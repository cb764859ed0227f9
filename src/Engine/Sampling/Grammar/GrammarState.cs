namespace Countersign.Engine.Sampling.Grammar;

/// <summary>A place in the graph where a byte is to be read, and the stack there.</summary>
internal readonly record struct GrammarPosition(int Node, GrammarStack Stack);

/// <summary>All positions that a text may have led to, ascending. What follows is found when it is first asked for, and kept.</summary>
internal sealed class GrammarState(GrammarPosition[] positions, bool isAccepting, int classes) : IEquatable<GrammarState>
{
    private readonly int _hash = Hash(positions, isAccepting);

    public GrammarPosition[] Positions => positions;

    /// <summary>Whether the text may end here.</summary>
    public bool IsAccepting => isAccepting;

    /// <summary>Whether nothing can follow, not even the end.</summary>
    public bool IsDead => positions.Length == 0 && !isAccepting;

    /// <summary>The state after a byte of each class; null is not known yet.</summary>
    public GrammarState?[] Next { get; } = new GrammarState?[classes];

    /// <summary>The tokens that may follow; null is not known yet.</summary>
    public TokenMask? Mask { get; set; }

    public bool Equals(GrammarState? other) => other is not null && isAccepting == other.IsAccepting && positions.AsSpan().SequenceEqual(other.Positions);

    public override bool Equals(object? obj) => Equals(obj as GrammarState);

    public override int GetHashCode() => _hash;

    private static int Hash(GrammarPosition[] positions, bool isAccepting)
    {
        var hash = new HashCode();
        hash.Add(isAccepting);
        foreach (GrammarPosition position in positions)
        {
            hash.Add(position.Node);
            hash.Add(position.Stack.Id);
        }

        return hash.ToHashCode();
    }
}
