using System.Text;
using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>Strings that are none of a list, so that no property comes twice.</summary>
internal static class OtherNames
{
    private const int LongestName = 200;
    private const int LongestTogether = 20_000;

    private static readonly GrammarExpression s_anything = new RepeatExpression(JsonText.Written(CharacterSet.All), 0, null);

    /// <summary>Null where the names are too long to be told apart.</summary>
    public static GrammarExpression? Than(IReadOnlyList<string> names)
    {
        if (names.Any(static name => name.Length > LongestName) || names.Sum(static name => name.Length) > LongestTogether) return null;
        return Sequence(Literal("\""), After([.. names.Select(static name => name.EnumerateRunes().ToArray())], 0), Literal("\""));
    }

    /// <summary>What may follow where all of <paramref name="names"/> agree so far.</summary>
    private static GrammarExpression After(List<Rune[]> names, int depth)
    {
        var alternatives = new List<GrammarExpression>();
        if (names.All(name => name.Length > depth)) alternatives.Add(Empty);
        IGrouping<Rune, Rune[]>[] nexts = [.. names.Where(name => name.Length > depth).GroupBy(name => name[depth])];
        CharacterSet known = CharacterSet.Of(nexts.Select(static next => (next.Key.Value, next.Key.Value)));
        alternatives.Add(Sequence(JsonText.Written(known.Complement()), s_anything));
        foreach (IGrouping<Rune, Rune[]> next in nexts)
        {
            alternatives.Add(Sequence(JsonText.Written(CharacterSet.Of((next.Key.Value, next.Key.Value))), After([.. next], depth + 1)));
        }

        return Choice([.. alternatives]);
    }
}
