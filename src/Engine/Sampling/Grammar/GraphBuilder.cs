namespace Countersign.Engine.Sampling.Grammar;

/// <summary>Rules to nodes. An expression is built from its end: each part is told the node that comes after it.</summary>
internal sealed class GraphBuilder
{
    private const int SmallBody = 3;

    private readonly GrammarRules _rules;
    private readonly List<GrammarNode> _nodes = [GrammarNode.End];

    private GraphBuilder(GrammarRules rules) => _rules = rules;

    /// <exception cref="EngineException">A rule is missing or left-recursive, nothing satisfies the root, or a limit is passed.</exception>
    public static GrammarGraph Build(GrammarRules rules, RuleExpression root)
    {
        var builder = new GraphBuilder(rules);
        var starts = new List<int>();
        for (int rule = 0; rule < rules.Count; rule++) // Building adds rules.
        {
            GrammarExpression definition = rules.DefinitionOf(rule) ?? throw GrammarLimits.Invalid($"The grammar uses the rule '{rules.NameOf(rule)}', but does not define it.");
            starts.Add(builder.Build(definition, GrammarGraph.EndNode));
        }

        GrammarNode[] nodes = [.. builder._nodes];
        int[] ruleStarts = [.. starts];
        GraphChecks.RequireNoLeftRecursion(nodes, ruleStarts, rules);
        return new GrammarGraph(GraphChecks.Trimmed(nodes, ruleStarts, ruleStarts[root.Rule]), ruleStarts, root.Rule);
    }

    private int Build(GrammarExpression expression, int next) => expression switch
    {
        LiteralExpression literal => Literal(literal.Bytes, next),
        CharacterExpression character => Character(character.Set, next),
        SequenceExpression sequence => Sequence(sequence.Parts, next),
        ChoiceExpression choice => Add(GrammarNode.Split([.. choice.Alternatives.Select(alternative => Build(alternative, next))])),
        RepeatExpression repeat => Repeat(repeat, next),
        RuleExpression rule => Add(GrammarNode.Call(rule.Rule, next)),
        _ => throw new InvalidOperationException($"{expression.GetType().Name} has no nodes."),
    };

    private int Add(GrammarNode node)
    {
        if (_nodes.Count >= GrammarLimits.Nodes) throw GrammarLimits.TooLarge($"more than {GrammarLimits.Nodes} places, with all repetitions written out");
        _nodes.Add(node);
        return _nodes.Count - 1;
    }

    private int Literal(byte[] bytes, int next)
    {
        for (int i = bytes.Length - 1; i >= 0; i--) next = Add(GrammarNode.Bytes(new ByteEdge(bytes[i], bytes[i], next)));
        return next;
    }

    private int Character(CharacterSet set, int next)
    {
        var tails = new Dictionary<(byte, byte, int), int>();
        var first = new List<ByteEdge>();
        foreach ((byte Low, byte High)[] sequence in Utf8Ranges.Of(set))
        {
            int target = next;
            for (int i = sequence.Length - 1; i > 0; i--)
            {
                (byte low, byte high) = sequence[i];
                if (!tails.TryGetValue((low, high, target), out int tail)) tails[(low, high, target)] = tail = Add(GrammarNode.Bytes(new ByteEdge(low, high, target)));
                target = tail;
            }

            first.Add(new ByteEdge(sequence[0].Low, sequence[0].High, target));
        }

        return Add(GrammarNode.Bytes([.. first]));
    }

    private int Sequence(IReadOnlyList<GrammarExpression> parts, int next)
    {
        for (int i = parts.Count - 1; i >= 0; i--) next = Build(parts[i], next);
        return next;
    }

    private int Repeat(RepeatExpression repeat, int next)
    {
        GrammarExpression body = repeat.Body;
        if (Math.Max(repeat.Minimum, repeat.Maximum ?? 0) > 2 && !IsSmall(body)) body = _rules.Add("(a repeated part)", body);
        int rest = next;
        if (repeat.Maximum is null)
        {
            rest = Add(GrammarNode.Split());
            _nodes[rest] = GrammarNode.Split(Build(body, rest), next);
        }

        for (int i = repeat.Minimum; i < repeat.Maximum; i++) rest = Add(GrammarNode.Split(Build(body, rest), next));
        for (int i = 0; i < repeat.Minimum; i++) rest = Build(body, rest);
        return rest;
    }

    private static bool IsSmall(GrammarExpression body) => body switch
    {
        RuleExpression => true,
        LiteralExpression literal => literal.Bytes.Length <= SmallBody,
        CharacterExpression character => character.Set.Ranges is [] or [.., (_, <= 0x7F)],
        _ => false,
    };
}
