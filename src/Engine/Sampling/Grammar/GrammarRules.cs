namespace Countersign.Engine.Sampling.Grammar;

/// <summary>The rules of a grammar while it is being written. A rule may be used before it is defined.</summary>
internal sealed class GrammarRules
{
    private readonly List<string> _names = [];
    private readonly List<GrammarExpression?> _definitions = [];

    public int Count => _names.Count;

    public RuleExpression Declare(string name)
    {
        if (Count >= GrammarLimits.Rules) throw GrammarLimits.TooLarge($"more than {GrammarLimits.Rules} rules");
        _names.Add(name);
        _definitions.Add(null);
        return new RuleExpression(Count - 1);
    }

    public void Define(RuleExpression rule, GrammarExpression definition) => _definitions[rule.Rule] = definition;

    public RuleExpression Add(string name, GrammarExpression definition)
    {
        RuleExpression rule = Declare(name);
        Define(rule, definition);
        return rule;
    }

    public string NameOf(int rule) => _names[rule];

    public GrammarExpression? DefinitionOf(int rule) => _definitions[rule];
}
