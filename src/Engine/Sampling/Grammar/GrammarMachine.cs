namespace Countersign.Engine.Sampling.Grammar;

/// <summary>Runs a grammar over bytes: a pushdown automaton that follows all readings at once, made deterministic as it goes.
/// Equal states are one object, so that what is known of a state (what follows, its mask) is known for good. For one thread at a time.</summary>
internal sealed class GrammarMachine(GrammarGraph graph)
{
    private static readonly GrammarStack s_bottom = new(0, null, GrammarGraph.EndNode);

    private readonly Dictionary<(long Parent, int Return), GrammarStack> _stacks = [];
    private readonly HashSet<GrammarState> _states = [];
    private readonly Stack<GrammarPosition> _open = new();
    private readonly HashSet<GrammarPosition> _seen = [];
    private readonly List<GrammarPosition> _reading = [];
    private long _lastStack;

    public GrammarGraph Graph => graph;

    /// <summary>How often everything kept was let go because there was too much of it.</summary>
    public int Generation { get; private set; }

    /// <summary>The state before the first byte.</summary>
    public GrammarState Start() => At(graph.Root, s_bottom);

    /// <summary>The state of one reading, at <paramref name="node"/>, where the end of its rule is the end of everything.</summary>
    public GrammarState Alone(int node) => At(node, s_bottom);

    /// <summary>The state that <paramref name="stack"/> returns to; null where that is the end.</summary>
    public GrammarState? Returned(GrammarStack stack) => stack.Parent is { } parent ? At(stack.ReturnNode, parent) : null;

    /// <summary>The state after a byte; a dead one where it may not come.</summary>
    public GrammarState Step(GrammarState state, byte value)
    {
        int kind = graph.ClassOf[value];
        return state.Next[kind] ?? (state.Next[kind] = After(state, value));
    }

    private GrammarState At(int node, GrammarStack stack)
    {
        _open.Push(new GrammarPosition(node, stack));
        return Close();
    }

    private GrammarState After(GrammarState state, byte value)
    {
        foreach (GrammarPosition position in state.Positions)
        {
            foreach (ByteEdge edge in graph.Nodes[position.Node].Edges)
            {
                if (edge.Low <= value && value <= edge.High) _open.Push(new GrammarPosition(edge.Target, position.Stack));
            }
        }

        return Close();
    }

    /// <summary>Goes on from the open positions to all places where a byte is read or the text may end.</summary>
    private GrammarState Close()
    {
        bool accepting = false;
        _seen.Clear();
        _reading.Clear();
        while (_open.TryPop(out GrammarPosition position))
        {
            if (!_seen.Add(position)) continue;
            if (_seen.Count > GrammarLimits.Positions) throw Ambiguous();
            GrammarNode node = graph.Nodes[position.Node];
            switch (node.Kind)
            {
                case NodeKind.Bytes:
                    _reading.Add(position);
                    break;
                case NodeKind.End when position.Stack.Parent is { } parent:
                    _open.Push(new GrammarPosition(position.Stack.ReturnNode, parent));
                    break;
                case NodeKind.End:
                    accepting = true;
                    break;
                case NodeKind.Call:
                    _open.Push(new GrammarPosition(graph.RuleStarts[node.Rule], Pushed(position.Stack, node.Targets[0])));
                    break;
                default:
                    foreach (int target in node.Targets) _open.Push(position with { Node = target });
                    break;
            }
        }

        return Interned(accepting);
    }

    // A call at the end of a rule needs no return of its own: lists written as "item list" run in a flat stack.
    private GrammarStack Pushed(GrammarStack stack, int returnNode)
    {
        if (returnNode == GrammarGraph.EndNode) return stack;
        if (_stacks.TryGetValue((stack.Id, returnNode), out GrammarStack? known)) return known;
        return _stacks[(stack.Id, returnNode)] = new GrammarStack(++_lastStack, stack, returnNode);
    }

    private GrammarState Interned(bool accepting)
    {
        _reading.Sort(static (a, b) => a.Node != b.Node ? a.Node.CompareTo(b.Node) : a.Stack.Id.CompareTo(b.Stack.Id));
        var state = new GrammarState([.. _reading], accepting, graph.Representatives.Length);
        if (_states.TryGetValue(state, out GrammarState? known)) return known;
        if (_states.Count >= GrammarLimits.States) Forget();
        _states.Add(state);
        return state;
    }

    /// <summary>Lets go of all that is kept; states in use stay valid.</summary>
    public void Forget()
    {
        _states.Clear();
        _stacks.Clear();
        Generation++;
    }

    private EngineException Ambiguous()
    {
        _open.Clear();
        return GrammarLimits.TooAmbiguous();
    }
}
