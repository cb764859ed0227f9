namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>The bounds and steps of numbers.</summary>
internal static class NumberKeywords
{
    private const int MostFraction = 8;
    private const decimal Largest = 1e18m;

    public static GrammarExpression Build(SchemaCompiler compiler, SchemaConjunction schema, bool isInteger)
    {
        NumberBound? minimum = Tightest(compiler, schema, "minimum", "exclusiveMinimum", isMinimum: true);
        NumberBound? maximum = Tightest(compiler, schema, "maximum", "exclusiveMaximum", isMinimum: false);
        if (minimum is { } low && maximum is { } high && (low.Value > high.Value || low.Value == high.Value && (low.IsExclusive || high.IsExclusive))) return GrammarExpression.Nothing;
        foreach (SchemaNode node in schema.All("multipleOf"))
        {
            if (node.Number() is not > 0) throw node.Error("a number above 0 was expected");
            if (node.Number() is { } step && step == decimal.Truncate(step))
            {
                // A multiple of a whole number is whole: fewer texts, all of them right.
                isInteger = true;
                if (step == 1) continue;
                if (NumberGrammar.Multiples(step, minimum, maximum) is { } multiples && schema.All("multipleOf").Count() == 1) return multiples;
            }

            compiler.Report(node, "multiples of this are not enforced");
        }

        if (minimum is null && maximum is null) return isInteger ? compiler.Json.AnyInteger : compiler.Json.AnyNumber;
        return isInteger ? NumberGrammar.Integers(minimum, maximum) : NumberGrammar.Numbers(minimum, maximum);
    }

    private static NumberBound? Tightest(SchemaCompiler compiler, SchemaConjunction schema, string inclusive, string exclusive, bool isMinimum)
    {
        NumberBound? tightest = null;
        foreach (SchemaNode node in schema.All(inclusive).Concat(schema.All(exclusive)))
        {
            if (node.Number() is not { } value || decimal.Abs(value) > Largest || NumberGrammar.Scale(new(value, false)) > MostFraction)
            {
                compiler.Report(node, "the bound has too many digits");
                continue;
            }

            var bound = new NumberBound(value, node.Place.EndsWith("/" + exclusive, StringComparison.Ordinal));
            if (tightest is not { } other || (isMinimum ? value > other.Value : value < other.Value) || value == other.Value && bound.IsExclusive) tightest = bound;
        }

        return tightest;
    }
}
