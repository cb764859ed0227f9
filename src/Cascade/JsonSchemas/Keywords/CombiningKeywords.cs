using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary><c>allOf</c>.</summary>
internal sealed class AllOfKeyword(KeywordSource source) : Keyword("allOf")
{
    /// <summary>The schemas.</summary>
    public IReadOnlyList<SchemaNode> Nodes { get; } = source.Schemas();

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        bool fits = true;
        foreach (var node in Nodes)
        {
            fits &= run.Check(node, instance, evaluated);
            if (!fits && run.Findings is null) return false;
        }

        return fits;
    }
}

/// <summary><c>anyOf</c>.</summary>
internal sealed class AnyOfKeyword(KeywordSource source) : Keyword("anyOf")
{
    private readonly List<SchemaNode> nodes = source.Schemas();

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        bool fits = false;
        List<List<SchemaFinding>> failures = [];
        foreach (var node in nodes)
        {
            fits |= run.Try(node, instance, evaluated, out var apart);
            if (fits && evaluated is null) return true;
            if (apart is { Count: > 0 }) failures.Add(apart);
        }

        return fits || Nearest.Report(run, Name, $"must fit one of the {nodes.Count} forms that the schema allows here", failures);
    }
}

/// <summary><c>oneOf</c>.</summary>
internal sealed class OneOfKeyword(KeywordSource source) : Keyword("oneOf")
{
    private readonly List<SchemaNode> nodes = source.Schemas();

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        int fitting = 0;
        List<List<SchemaFinding>> failures = [];
        foreach (var node in nodes)
        {
            if (run.Try(node, instance, evaluated, out var apart)) fitting++;
            else if (apart is not null) failures.Add(apart);
        }

        if (fitting > 1) return run.Fail(Name, $"must fit only one of the {nodes.Count} forms that the schema allows here, but fits {fitting}");
        return fitting == 1 || Nearest.Report(run, Name, $"must fit one of the {nodes.Count} forms that the schema allows here", failures);
    }
}

/// <summary><c>not</c>.</summary>
internal sealed class NotKeyword(KeywordSource source) : Keyword("not")
{
    private readonly SchemaNode node = source.Schema();
    private readonly string written = Words.Value(source.Value);

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated) =>
        !run.TryQuietly(node, instance, null) || run.Fail(Name, $"must not fit {written}");
}

/// <summary><c>if</c>, <c>then</c>, <c>else</c>.</summary>
internal sealed class IfKeyword(SchemaNode condition, SchemaNode? then, SchemaNode? otherwise) : Keyword("if")
{
    public static IfKeyword Make(KeywordSource source) => new(source.Schema(), source.Sibling("then")?.Schema(), source.Sibling("else")?.Schema());

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        var branch = run.TryQuietly(condition, instance, evaluated) ? then : otherwise;
        return branch is null || run.Check(branch, instance, evaluated);
    }
}

/// <summary><c>dependentSchemas</c>.</summary>
internal sealed class DependentSchemasKeyword(KeywordSource source) : Keyword("dependentSchemas")
{
    private readonly Dictionary<string, SchemaNode> nodes = source.NamedSchemas();

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Object) return true;
        bool fits = true;
        foreach (var (name, node) in nodes)
        {
            if (instance.TryGetProperty(name, out _)) fits &= run.Check(node, instance, evaluated);
        }

        return fits;
    }
}

/// <summary>The older <c>dependencies</c>: lists of names or schemas, by name.</summary>
internal sealed class DependenciesKeyword(IReadOnlyList<(string Name, SchemaNode? Node, List<string> Needs)> rules) : Keyword("dependencies")
{
    public static DependenciesKeyword Make(KeywordSource source)
    {
        if (source.Value.ValueKind != JsonValueKind.Object) throw source.Invalid("an object of lists or schemas");
        return new([.. source.Value.EnumerateObject().Select(member => member.Value.ValueKind == JsonValueKind.Array
            ? (member.Name, (SchemaNode?)null, KeywordSource.Texts(member.Value, source.Invalid))
            : (member.Name, source.SchemaAt(member.Name, member.Value), []))]);
    }

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Object) return true;
        bool fits = true;
        foreach (var (name, node, needs) in rules.Where(rule => instance.TryGetProperty(rule.Name, out _)))
        {
            foreach (string missing in needs.Where(need => !instance.TryGetProperty(need, out _))) fits = run.Fail(Name, $"must have the property {Words.Name(missing)}, because it has {Words.Name(name)}");
            if (node is not null) fits &= run.Check(node, instance, evaluated);
        }

        return fits;
    }
}
