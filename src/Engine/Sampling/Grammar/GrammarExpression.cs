using System.Text;

namespace Countersign.Engine.Sampling.Grammar;

/// <summary>What a rule matches. A choice of nothing matches nothing; an empty sequence matches the empty text.</summary>
internal abstract record GrammarExpression
{
    public static readonly GrammarExpression Empty = new SequenceExpression([]);
    public static readonly GrammarExpression Nothing = new ChoiceExpression([]);

    public static GrammarExpression Literal(string text) => new LiteralExpression(Encoding.UTF8.GetBytes(text));

    public static GrammarExpression Sequence(params GrammarExpression[] parts) => parts.Length == 1 ? parts[0] : new SequenceExpression(parts);

    public static GrammarExpression Choice(params GrammarExpression[] alternatives) => alternatives.Length == 1 ? alternatives[0] : new ChoiceExpression(alternatives);

    public static GrammarExpression Optional(GrammarExpression body) => new RepeatExpression(body, 0, 1);

    /// <summary>One of a set of characters.</summary>
    public static GrammarExpression OneOf(CharacterSet set) => new CharacterExpression(set);
}

/// <summary>These bytes.</summary>
internal sealed record LiteralExpression(byte[] Bytes) : GrammarExpression;

/// <summary>One character, in UTF-8.</summary>
internal sealed record CharacterExpression(CharacterSet Set) : GrammarExpression;

/// <summary>All parts in order.</summary>
internal sealed record SequenceExpression(IReadOnlyList<GrammarExpression> Parts) : GrammarExpression;

/// <summary>Any one of the alternatives.</summary>
internal sealed record ChoiceExpression(IReadOnlyList<GrammarExpression> Alternatives) : GrammarExpression;

/// <summary>The body <paramref name="Minimum"/> times to <paramref name="Maximum"/> times; null is without end.</summary>
internal sealed record RepeatExpression(GrammarExpression Body, int Minimum, int? Maximum) : GrammarExpression;

/// <summary>Whatever the rule of this number matches.</summary>
internal sealed record RuleExpression(int Rule) : GrammarExpression;
