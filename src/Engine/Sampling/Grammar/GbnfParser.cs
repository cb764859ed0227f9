using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar;

/// <summary>GBNF as llama.cpp reads it: <c>name ::= alternatives</c>, literals, character classes, <c>.</c>, groups, <c>* + ? {m} {m,} {m,n}</c>, comments.
/// Beyond it, an alternative may also begin on a line of its own with its bar. Token references (<c>&lt;...&gt;</c>) are refused: a grammar here is about text.</summary>
internal sealed class GbnfParser
{
    private static readonly CharacterSet s_any = CharacterSet.All;

    private readonly GbnfText _text;
    private readonly GrammarRules _rules = new();
    private readonly Dictionary<string, RuleExpression> _named = [];
    private int _nesting;

    private GbnfParser(string text) => _text = new GbnfText(text);

    /// <exception cref="EngineException">The text is no grammar; line and column are in the message.</exception>
    public static GrammarGraph Parse(string text)
    {
        var parser = new GbnfParser(text);
        parser._text.SkipSpace(newLines: true);
        while (!parser._text.AtEnd) parser.Rule();
        return GraphBuilder.Build(parser._rules, parser._named.TryGetValue("root", out RuleExpression? root) ? root : throw GrammarLimits.Invalid("The grammar has no rule 'root'."));
    }

    private void Rule()
    {
        RuleExpression rule = Named(_text.Name());
        _text.SkipSpace(newLines: false);
        if (!_text.TryTake("::=")) throw _text.Error("'::=' was expected after the rule's name");
        if (_rules.DefinitionOf(rule.Rule) is not null) throw _text.Error($"the rule '{_rules.NameOf(rule.Rule)}' is defined twice");
        _text.SkipSpace(newLines: true);
        _rules.Define(rule, Alternatives(nested: false));
        _text.SkipSpace(newLines: true);
    }

    private RuleExpression Named(string name)
    {
        if (!_named.TryGetValue(name, out RuleExpression? rule)) _named[name] = rule = _rules.Declare(name);
        return rule;
    }

    private GrammarExpression Alternatives(bool nested)
    {
        var alternatives = new List<GrammarExpression> { Parts(nested) };
        while (_text.TryTakeBar())
        {
            _text.SkipSpace(newLines: true);
            alternatives.Add(Parts(nested));
        }

        return Choice([.. alternatives]);
    }

    private GrammarExpression Parts(bool nested)
    {
        var parts = new List<GrammarExpression>();
        while (Item() is { } item)
        {
            _text.SkipSpace(nested);
            while (Repetition() is var (minimum, maximum))
            {
                item = new RepeatExpression(item, minimum, maximum);
                _text.SkipSpace(nested);
            }

            parts.Add(item);
        }

        return Sequence([.. parts]);
    }

    /// <summary>A literal, class, group or rule; null where none begins.</summary>
    private GrammarExpression? Item()
    {
        switch (_text.Current)
        {
            case '"':
                return Literal(_text.Literal());
            case '[':
                return OneOf(_text.CharacterClass());
            case '.':
                _text.Take();
                return OneOf(s_any);
            case '(':
                return Group();
            case '<' or '!':
                throw _text.Error("references to tokens are not possible here; write the token's text as a literal");
            default:
                return _text.AtName ? Named(_text.Name()) : null;
        }
    }

    private GrammarExpression Group()
    {
        if (++_nesting > GrammarLimits.Nesting) throw _text.Error($"groups are nested more than {GrammarLimits.Nesting} deep");
        _text.Take();
        _text.SkipSpace(newLines: true);
        GrammarExpression group = Alternatives(nested: true);
        _text.SkipSpace(newLines: true);
        if (!_text.TryTake(")")) throw _text.Error("')' was expected");
        _nesting--;
        return group;
    }

    private (int Minimum, int? Maximum)? Repetition()
    {
        switch (_text.Current)
        {
            case '*':
                _text.Take();
                return (0, null);
            case '+':
                _text.Take();
                return (1, null);
            case '?':
                _text.Take();
                return (0, 1);
            case '{':
                return _text.Counts();
            default:
                return null;
        }
    }
}
