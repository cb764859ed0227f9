using System.Text.Json;
using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>JSON schema to grammar. Each conjunction of schemas is a rule, written once, so that recursive schemas become recursive rules.
/// Where a keyword cannot be said in a grammar, the grammar allows less than the schema if it can; else the keyword is reported.</summary>
internal sealed class SchemaCompiler
{
    private const int MostAlternatives = 10_000;
    private static readonly string[] s_types = ["object", "array", "string", "number", "integer", "boolean", "null"];

    private const int MostRepetitions = 16;

    private readonly GrammarRules _rules;
    private readonly SchemaDocument _document;
    private readonly Dictionary<string, RuleExpression> _values = [];
    private readonly Queue<(RuleExpression Rule, SchemaConjunction Schema)> _open = new();
    private readonly ISet<string> _notEnforced;
    private int _alternatives;

    private SchemaCompiler(string schema, GrammarRules rules, ISet<string> notEnforced)
    {
        (_rules, _notEnforced, _document) = (rules, notEnforced, new SchemaDocument(schema));
        Json = new JsonText(_rules);
    }

    public JsonText Json { get; }

    /// <exception cref="EngineException">A schema is wrong, too large, or nothing satisfies any of them.</exception>
    public static (GrammarGraph Graph, IReadOnlyList<string> NotEnforced) Compile(IReadOnlyList<AnswerForm> forms)
    {
        var rules = new GrammarRules();
        var notEnforced = new SortedSet<string>(StringComparer.Ordinal);
        GrammarExpression answer = Choice([.. forms.Select(form => Written(form, new SchemaCompiler(form.Schema, rules, notEnforced).Root(), rules))]);
        return (GraphBuilder.Build(rules, rules.Add("root", answer)), [.. notEnforced]);
    }

    private static GrammarExpression Written(AnswerForm form, RuleExpression json, GrammarRules rules)
    {
        if (form is { Before: "", After: "", Repeats: false }) return json;
        RuleExpression once = rules.Add("(a form)", Sequence(Literal(form.Before), json, Literal(form.After)));
        return form.Repeats ? Sequence(once, new RepeatExpression(Sequence(Literal("\n"), once), 0, MostRepetitions - 1)) : once;
    }

    private RuleExpression Root()
    {
        RuleExpression root = Value([_document.Root]);
        // One after the other, not one within the other: a schema may nest as deep as it likes.
        while (_open.TryDequeue(out var open)) _rules.Define(open.Rule, Body(open.Schema));
        return root;
    }

    /// <summary>Any JSON object.</summary>
    public static GrammarGraph AnyObject()
    {
        var rules = new GrammarRules();
        return GraphBuilder.Build(rules, rules.Add("root", new JsonText(rules).AnyObject));
    }

    /// <summary>A value that satisfies all of the schemas.</summary>
    public RuleExpression Value(IReadOnlyList<SchemaNode> schemas)
    {
        var schema = SchemaConjunction.Of(_document, schemas);
        if (schema.IsNothing) return Rule("nothing", Nothing);
        if (schema.Bases.Count == 0) return Json.AnyValue;
        if (_values.TryGetValue(schema.Key, out RuleExpression? known)) return known;
        RuleExpression rule = _values[schema.Key] = _rules.Declare(schema.Bases[0].Place);
        _open.Enqueue((rule, schema));
        return rule;
    }

    /// <summary>A string that satisfies all of the schemas.</summary>
    public RuleExpression StringValue(IReadOnlyList<SchemaNode> schemas)
    {
        using JsonDocument text = JsonDocument.Parse("""{"type":"string"}""");
        return Value([.. schemas, new SchemaNode("(a property's name)", text.RootElement.Clone())]);
    }

    public RuleExpression Rule(string name, GrammarExpression definition) => _rules.Add(name, definition);

    /// <summary>Notes that a keyword is not enforced.</summary>
    public void Report(SchemaNode keyword, string why) => _notEnforced.Add($"{keyword.Place}: {why}");

    private GrammarExpression Body(SchemaConjunction schema)
    {
        if (++_alternatives > MostAlternatives) throw GrammarLimits.TooLarge($"more than {MostAlternatives} combinations of alternatives");
        if (!schema.HasChoices) return Plain(schema);
        return Choice([.. schema.Alternatives().Select(Body)]);
    }

    private GrammarExpression Plain(SchemaConjunction schema)
    {
        foreach (SchemaNode part in schema.Bases)
        {
            foreach (string keyword in SchemaKeywords.NotEnforced(part)) Report(part.Get(keyword)!, "cannot be enforced while generating");
            if (part.Get("oneOf") is { } choice && !SchemaDisjointness.IsDisjoint(_document, [.. choice.Items()])) Report(choice, "that only one alternative holds is not enforced");
        }

        HashSet<string>? types = TypesOf(schema);
        if (schema.HasAny("enum", "const")) return ListedValues.Build(this, schema, types);
        if (types is null) return Json.AnyValue;
        return Choice([.. types.Select(type => OfType(type, schema))]);
    }

    private GrammarExpression OfType(string type, SchemaConjunction schema) => type switch
    {
        "object" => ObjectGrammar.Build(this, schema),
        "array" => ArrayGrammar.Build(this, schema),
        "string" => StringGrammar.Build(this, schema),
        "boolean" => Choice(Literal("true"), Literal("false")),
        "null" => Literal("null"),
        _ => NumberKeywords.Build(this, schema, type == "integer"),
    };

    /// <summary>The types that all parts allow; null is any. Keywords about one type, without a type named, mean that type.</summary>
    private static HashSet<string>? TypesOf(SchemaConjunction schema)
    {
        HashSet<string>? types = null;
        foreach (SchemaNode node in schema.All("type"))
        {
            HashSet<string> own = [.. node.Element.ValueKind == JsonValueKind.Array ? node.Items().Select(static item => item.Text()) : [node.Text()]];
            if (own.FirstOrDefault(static type => !s_types.Contains(type)) is { } unknown) throw node.Error($"'{unknown}' is no type; types are {string.Join(", ", s_types)}");
            if (own.Contains("number")) own.Add("integer");
            if (types is null) types = own;
            else types.IntersectWith(own);
        }

        if (types?.Contains("number") == true) types.Remove("integer");
        return types ?? Implied(schema);
    }

    private static HashSet<string>? Implied(SchemaConjunction schema)
    {
        HashSet<string> types = [];
        if (schema.HasAny("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties", "dependentRequired")) types.Add("object");
        if (schema.HasAny("items", "prefixItems", "minItems", "maxItems")) types.Add("array");
        if (schema.HasAny("minLength", "maxLength", "pattern", "format")) types.Add("string");
        if (schema.HasAny("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")) types.Add("number");
        return types.Count == 0 ? null : types;
    }
}
