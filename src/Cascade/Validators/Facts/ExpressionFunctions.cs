namespace Countersign.Cascade.Validators.Facts;

/// <summary>The functions of the expression language.</summary>
internal static class ExpressionFunctions
{
    private static readonly Dictionary<string, (int Least, int Most)> Arity = new(StringComparer.Ordinal)
    {
        ["sum"] = (1, 1),
        ["count"] = (1, 1),
        ["min"] = (1, 8),
        ["max"] = (1, 8),
        ["avg"] = (1, 1),
        ["len"] = (1, 1),
        ["abs"] = (1, 1),
        ["round"] = (1, 2),
        ["exists"] = (1, 1),
        ["lower"] = (1, 1),
        ["unique"] = (1, 1),
        ["number"] = (1, 1),
    };

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => Arity.Keys;

    /// <summary>Why a call cannot be made; <c>null</c> where it can.</summary>
    public static string? Objection(string name, IReadOnlyList<Expression> arguments)
    {
        if (!Arity.TryGetValue(name, out var arity)) return $"there is no function {name}; there are {string.Join(", ", Names)}";
        if (arguments.Count < arity.Least || arguments.Count > arity.Most) return $"{name} takes {(arity.Least == arity.Most ? $"{arity.Least}" : $"{arity.Least} to {arity.Most}")} argument(s)";
        return name == "exists" && arguments[0] is not PathExpression ? "exists takes a path" : null;
    }

    /// <summary>What a call amounts to.</summary>
    public static ExpressionValue Call(string name, IReadOnlyList<Expression> arguments, ExpressionScope scope)
    {
        if (name == "exists") return ExpressionValue.Of(((PathExpression)arguments[0]).Exists(scope));
        var values = arguments.Select(argument => argument.Evaluate(scope)).ToList();
        var first = values[0];
        return name switch
        {
            "sum" => ExpressionValue.Of(Sum(first)),
            "count" => ExpressionValue.Of(first.Items.Count),
            "min" => ExpressionValue.Of(Numbers(values, name).Min()),
            "max" => ExpressionValue.Of(Numbers(values, name).Max()),
            "avg" => ExpressionValue.Of(Sum(first) / Numbers(values, name).Count),
            "len" => ExpressionValue.Of(first.Content is string text ? text.EnumerateRunes().Count() : first.Items.Count),
            "abs" => ExpressionValue.Of(Math.Abs(first.Number)),
            "round" => ExpressionValue.Of(Math.Round(first.Number, values.Count > 1 ? (int)Math.Clamp(values[1].Number, 0, 20) : 0, MidpointRounding.AwayFromZero)),
            "lower" => new ExpressionValue(first.Content is string upper ? upper.ToLowerInvariant() : throw new ExpressionException($"{first} is no text")),
            "unique" => ExpressionValue.Of(first.Items.Select(item => item.Identity).Distinct().Count() == first.Items.Count),
            _ => ExpressionValue.Of(first.Number),
        };
    }

    private static decimal Sum(ExpressionValue list)
    {
        try
        {
            return list.Items.Sum(item => item.Number);
        }
        catch (OverflowException)
        {
            throw new ExpressionException("a sum grows too large");
        }
    }

    private static List<decimal> Numbers(List<ExpressionValue> values, string name)
    {
        var numbers = values.SelectMany(value => value.Items).Select(item => item.Number).ToList();
        return numbers.Count > 0 ? numbers : throw new ExpressionException($"there is nothing to take the {name} of");
    }
}
