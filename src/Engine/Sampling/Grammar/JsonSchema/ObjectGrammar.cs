using System.Text.Json;
using System.Text.RegularExpressions;
using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>Objects: the named properties in the schema's order, the optional ones maybe left out, then others where the schema asks for them in so many words.
/// A grammar may allow less than the schema does, so that an open object with named properties is closed unless it says <c>additionalProperties</c>.</summary>
internal sealed class ObjectGrammar
{
    private const int MostNames = 5000;

    private readonly SchemaCompiler _compiler;
    private readonly SchemaConjunction _schema;
    private readonly JsonText _json;
    private readonly List<string> _names;
    private readonly HashSet<string> _required;

    private ObjectGrammar(SchemaCompiler compiler, SchemaConjunction schema)
    {
        (_compiler, _schema, _json) = (compiler, schema, compiler.Json);
        _required = [.. schema.All("required").SelectMany(static list => list.Items().Select(static name => name.Text()))];
        // Asking for the dependents always allows less than the schema, and nothing that it forbids.
        foreach ((_, SchemaNode dependents) in schema.All("dependentRequired").SelectMany(static node => node.Members())) _required.UnionWith(dependents.Items().Select(static name => name.Text()));
        _names = [.. schema.All("properties").SelectMany(static node => node.Members().Select(static member => member.Name)).Concat(_required).Distinct()];
        if (_names.Count > MostNames) throw GrammarLimits.TooLarge($"more than {MostNames} properties of one object");
    }

    public static GrammarExpression Build(SchemaCompiler compiler, SchemaConjunction schema) => new ObjectGrammar(compiler, schema).Build();

    private GrammarExpression Build()
    {
        int minimum = _schema.All("minProperties").Select(static node => node.Count()).DefaultIfEmpty(0).Max();
        int? maximum = _schema.All("maxProperties").Select(static node => (int?)node.Count()).DefaultIfEmpty(null).Min();
        if (maximum < Math.Max(minimum, _required.Count)) return Nothing;
        GrammarExpression? other = Other();
        if (_names.Count == 0) return _json.Object(other is null || maximum == 0 ? minimum == 0 ? Empty : Nothing : Map(other, minimum, maximum));
        ReportCounts(minimum, maximum);
        return _json.Object(Members(maximum is null ? other : null));
    }

    private GrammarExpression Map(GrammarExpression other, int minimum, int? maximum)
    {
        GrammarExpression list = _json.List(other, minimum, maximum);
        return minimum == 0 ? Optional(list) : list;
    }

    private GrammarExpression Members(GrammarExpression? other)
    {
        GrammarExpression first = other is null ? Empty : Map(other, 0, null);
        GrammarExpression further = other is null ? Empty : new RepeatExpression(Sequence(_json.Comma, other), 0, null);
        for (int i = _names.Count - 1; i >= 0; i--)
        {
            GrammarExpression pair = _json.Pair(Literal(JsonText.Quoted(_names[i])), _compiler.Value(ValuesOf(_names[i])));
            GrammarExpression asFirst = Sequence(pair, further), asFurther = Sequence(_json.Comma, pair, further);
            bool isRequired = _required.Contains(_names[i]);
            first = _compiler.Rule("members", isRequired ? asFirst : Choice(asFirst, first));
            further = _compiler.Rule("members", isRequired ? asFurther : Choice(asFurther, further));
        }

        return first;
    }

    private List<SchemaNode> ValuesOf(string name)
    {
        var values = new List<SchemaNode>();
        foreach (SchemaNode schema in _schema.Bases)
        {
            int before = values.Count;
            if (schema.Get("properties")?.Get(name) is { } own) values.Add(own);
            if (schema.Get("patternProperties") is { } patterns) values.AddRange(patterns.Members().Where(member => Matches(member.Node, member.Name, name)).Select(static member => member.Node));
            if (values.Count == before && schema.Get("additionalProperties") is { } additional) values.Add(additional);
        }

        return values;
    }

    private static bool Matches(SchemaNode place, string pattern, string name)
    {
        try
        {
            return Regex.IsMatch(name, pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception refused) when (refused is ArgumentException or NotSupportedException)
        {
            throw place.Error($"the property pattern '{pattern}' cannot be tried on '{name}'");
        }
    }

    /// <summary>A further property, name and value; null where there are none.</summary>
    private RuleExpression? Other()
    {
        if (_schema.HasAny("patternProperties")) return OfPattern();
        List<SchemaNode> values = [.. _schema.All("additionalProperties")];
        if (values.Any(static value => value.Element.ValueKind == JsonValueKind.False)) return null;
        if (values.Count == 0 && _names.Count > 0) return null;
        if (Name() is not { } name) return null;
        return _compiler.Rule("property", _json.Pair(name, _compiler.Value(values)));
    }

    // Only where the one pattern says all: a name that fits two patterns, or a pattern and a property, has to satisfy both.
    private RuleExpression? OfPattern()
    {
        List<(string Pattern, SchemaNode Value)> patterns = [.. _schema.All("patternProperties").SelectMany(static node => node.Members())];
        if (patterns.Count != 1 || _names.Count > 0 || _schema.HasAny("propertyNames") || !SchemaPattern.TryCompile(patterns[0].Pattern, out GrammarExpression name, out _)) return null;
        return _compiler.Rule("property", _json.Pair(Sequence(Literal("\""), name, Literal("\"")), _compiler.Value([patterns[0].Value])));
    }

    private GrammarExpression? Name()
    {
        List<SchemaNode> names = [.. _schema.All("propertyNames")];
        if (names.Count > 0) return _names.Count == 0 ? _compiler.StringValue(names) : null;
        return _names.Count == 0 ? _json.AnyString : OtherNames.Than(_names);
    }

    private void ReportCounts(int minimum, int? maximum)
    {
        if (minimum > _required.Count)
        {
            foreach (SchemaNode node in _schema.All("minProperties")) _compiler.Report(node, "beside named properties");
        }

        if (maximum < _names.Count)
        {
            foreach (SchemaNode node in _schema.All("maxProperties")) _compiler.Report(node, "beside more named properties");
        }

        if (!_names.All(_required.Contains))
        {
            foreach (SchemaNode node in _schema.All("propertyNames")) _compiler.Report(node, "beside named properties");
        }
    }
}
