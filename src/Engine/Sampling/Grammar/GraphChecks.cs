namespace Countersign.Engine.Sampling.Grammar;

/// <summary>What must hold of a graph before it is used.</summary>
internal static class GraphChecks
{
    /// <summary>The nodes without the ways that never reach an end, so that no answer runs into one.</summary>
    /// <exception cref="EngineException">No way from <paramref name="root"/> reaches the end.</exception>
    public static GrammarNode[] Trimmed(GrammarNode[] nodes, int[] ruleStarts, int root)
    {
        bool[] productive = Reaching(nodes, ruleStarts, throughBytes: true);
        if (!productive[root]) throw GrammarLimits.Invalid("No text satisfies the grammar.");
        return [.. nodes.Select(node => node.Kind switch
        {
            NodeKind.Bytes => node with { Edges = [.. node.Edges.Where(edge => productive[edge.Target])] },
            NodeKind.Split => node with { Targets = [.. node.Targets.Where(target => productive[target])] },
            _ => node,
        })];
    }

    /// <exception cref="EngineException">A rule calls itself before it has read anything.</exception>
    public static void RequireNoLeftRecursion(GrammarNode[] nodes, int[] ruleStarts, GrammarRules rules)
    {
        bool[] nullable = Reaching(nodes, ruleStarts, throughBytes: false);
        List<int>[] leftmost = [.. ruleStarts.Select(start => LeftmostCalls(nodes, ruleStarts, nullable, start))];
        // Rules whose leftmost calls are all settled are settled (Kahn 1962); those that remain go round.
        var callers = new List<int>[ruleStarts.Length];
        var open = new int[ruleStarts.Length];
        for (int rule = 0; rule < callers.Length; rule++) callers[rule] = [];
        for (int rule = 0; rule < callers.Length; rule++)
        {
            open[rule] = leftmost[rule].Count;
            foreach (int called in leftmost[rule]) callers[called].Add(rule);
        }

        var settled = new Stack<int>(Enumerable.Range(0, open.Length).Where(rule => open[rule] == 0));
        while (settled.TryPop(out int rule))
        {
            foreach (int caller in callers[rule])
            {
                if (--open[caller] == 0) settled.Push(caller);
            }
        }

        int round = Array.FindIndex(open, static count => count > 0);
        if (round < 0) return;
        for (int steps = 0; steps < open.Length; steps++) round = leftmost[round].First(called => open[called] > 0);
        throw GrammarLimits.Invalid($"The rule '{rules.NameOf(round)}' calls itself before it reads anything (left recursion). Write the repetition with * or at the right end.");
    }

    private static List<int> LeftmostCalls(GrammarNode[] nodes, int[] ruleStarts, bool[] nullable, int start)
    {
        var calls = new HashSet<int>();
        var seen = new HashSet<int>();
        var open = new Stack<int>([start]);
        while (open.TryPop(out int at))
        {
            if (!seen.Add(at)) continue;
            GrammarNode node = nodes[at];
            if (node.Kind == NodeKind.Call)
            {
                calls.Add(node.Rule);
                if (!nullable[ruleStarts[node.Rule]]) continue;
            }

            foreach (int target in node.Targets) open.Push(target);
        }

        return [.. calls];
    }

    /// <summary>The nodes from which the end of their rule can be reached, by reading or (without <paramref name="throughBytes"/>) by the empty text.</summary>
    private static bool[] Reaching(GrammarNode[] nodes, int[] ruleStarts, bool throughBytes)
    {
        var dependents = new List<int>[nodes.Length];
        for (int i = 0; i < nodes.Length; i++) dependents[i] = [];
        for (int i = 0; i < nodes.Length; i++)
        {
            foreach (ByteEdge edge in nodes[i].Edges) dependents[edge.Target].Add(i);
            foreach (int target in nodes[i].Targets) dependents[target].Add(i);
            if (nodes[i].Kind == NodeKind.Call) dependents[ruleStarts[nodes[i].Rule]].Add(i);
        }

        var reaching = new bool[nodes.Length];
        reaching[GrammarGraph.EndNode] = true;
        var settled = new Stack<int>([GrammarGraph.EndNode]);
        while (settled.TryPop(out int done))
        {
            foreach (int dependent in dependents[done])
            {
                if (reaching[dependent] || !Holds(nodes[dependent])) continue;
                reaching[dependent] = true;
                settled.Push(dependent);
            }
        }

        return reaching;

        // Called when one of the node's targets was found to reach: for a byte or a split that is enough.
        bool Holds(GrammarNode node) => node.Kind switch
        {
            NodeKind.Bytes => throughBytes,
            NodeKind.Call => reaching[ruleStarts[node.Rule]] && reaching[node.Targets[0]],
            _ => true,
        };
    }
}
