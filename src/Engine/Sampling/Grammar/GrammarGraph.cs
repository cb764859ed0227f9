namespace Countersign.Engine.Sampling.Grammar;

/// <summary>What a node of a grammar's graph does.</summary>
internal enum NodeKind
{
    /// <summary>The rule is over. One node for all rules.</summary>
    End,

    /// <summary>Reads a byte.</summary>
    Bytes,

    /// <summary>Goes on at each of its targets.</summary>
    Split,

    /// <summary>Runs a rule, then goes on at its one target.</summary>
    Call,
}

/// <summary>A byte from <paramref name="Low"/> to <paramref name="High"/> leads to a node.</summary>
internal readonly record struct ByteEdge(byte Low, byte High, int Target);

/// <summary>A node; of its lists only those of its kind are filled.</summary>
internal sealed record GrammarNode(NodeKind Kind, ByteEdge[] Edges, int[] Targets, int Rule)
{
    public static GrammarNode End { get; } = new(NodeKind.End, [], [], -1);

    public static GrammarNode Bytes(params ByteEdge[] edges) => new(NodeKind.Bytes, edges, [], -1);

    public static GrammarNode Split(params int[] targets) => new(NodeKind.Split, [], targets, -1);

    public static GrammarNode Call(int rule, int next) => new(NodeKind.Call, [], [next], rule);
}

/// <summary>A compiled grammar over bytes. Every node that can be reached can reach the end; no rule is left-recursive. Immutable.</summary>
internal sealed class GrammarGraph
{
    /// <summary>The node that ends every rule.</summary>
    public const int EndNode = 0;

    public GrammarGraph(GrammarNode[] nodes, int[] ruleStarts, int rootRule)
    {
        (Nodes, RuleStarts, Root) = (nodes, ruleStarts, ruleStarts[rootRule]);
        (ClassOf, Representatives) = Classes(nodes);
    }

    public GrammarNode[] Nodes { get; }

    /// <summary>The first node of each rule.</summary>
    public int[] RuleStarts { get; }

    /// <summary>The first node of the whole.</summary>
    public int Root { get; }

    /// <summary>Bytes that no node tells apart have the same class.</summary>
    public byte[] ClassOf { get; }

    /// <summary>A byte of each class.</summary>
    public byte[] Representatives { get; }

    private static (byte[] ClassOf, byte[] Representatives) Classes(GrammarNode[] nodes)
    {
        var begins = new bool[257];
        begins[0] = true;
        foreach (GrammarNode node in nodes)
        {
            foreach (ByteEdge edge in node.Edges) begins[edge.Low] = begins[edge.High + 1] = true;
        }

        var classOf = new byte[256];
        var representatives = new List<byte>();
        for (int value = 0; value < 256; value++)
        {
            if (begins[value]) representatives.Add((byte)value);
            classOf[value] = (byte)(representatives.Count - 1);
        }

        return (classOf, [.. representatives]);
    }
}
