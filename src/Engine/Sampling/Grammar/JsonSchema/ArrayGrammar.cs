using System.Text.Json;
using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>Arrays: items by place, then any number of one kind.</summary>
internal static class ArrayGrammar
{
    private const int MostByPlace = 5000;

    public static GrammarExpression Build(SchemaCompiler compiler, SchemaConjunction schema)
    {
        int minimum = schema.All("minItems").Select(static node => node.Count()).DefaultIfEmpty(0).Max();
        int? maximum = schema.All("maxItems").Select(static node => (int?)node.Count()).DefaultIfEmpty(null).Min();
        int places = schema.Bases.Select(static part => Places(part).Count).DefaultIfEmpty(0).Max();
        if (places > MostByPlace) throw schema.Bases[0].Error($"more than {MostByPlace} items by place");
        if (maximum < minimum) return Nothing;
        return compiler.Json.Array(Items(compiler, schema, places, minimum, maximum));
    }

    private static GrammarExpression Items(SchemaCompiler compiler, SchemaConjunction schema, int places, int minimum, int? maximum)
    {
        GrammarExpression further = compiler.Value([.. schema.Bases.Select(static part => Beyond(part)).OfType<SchemaNode>()]);
        GrammarExpression comma = compiler.Json.Comma;
        if (places == 0)
        {
            if (maximum == 0) return Empty;
            GrammarExpression list = compiler.Json.List(further, minimum, maximum);
            return minimum == 0 ? Optional(list) : list;
        }

        GrammarExpression rest = maximum is null || maximum > places
            ? new RepeatExpression(Sequence(comma, further), Math.Max(0, minimum - places), maximum - places)
            : minimum > places ? Nothing : Empty;
        for (int place = Math.Min(places, maximum ?? places) - 1; place >= 0; place--)
        {
            GrammarExpression item = compiler.Value([.. schema.Bases.Select(part => Places(part) is var own && place < own.Count ? own[place] : Beyond(part)).OfType<SchemaNode>()]);
            GrammarExpression tail = place == 0 ? Sequence(item, rest) : Sequence(comma, item, rest);
            rest = compiler.Rule("items", place >= minimum ? Optional(tail) : tail);
        }

        return rest;
    }

    /// <summary>The schemas of the first items, in both the new and the old way of writing them.</summary>
    private static List<SchemaNode> Places(SchemaNode schema) =>
        schema.Get("prefixItems") is { } prefix ? [.. prefix.Items()]
        : schema.Get("items") is { Element.ValueKind: JsonValueKind.Array } items ? [.. items.Items()]
        : [];

    private static SchemaNode? Beyond(SchemaNode schema) =>
        schema.Get("items") is { } items ? items.Element.ValueKind == JsonValueKind.Array ? schema.Get("additionalItems") : items : schema.Get("unevaluatedItems");
}
