using System.Text.Json;
using System.Text.RegularExpressions;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary><c>properties</c>, <c>patternProperties</c> and <c>additionalProperties</c>.</summary>
internal sealed class ObjectMembersKeyword(Dictionary<string, SchemaNode> named, IReadOnlyList<(Lazy<Regex> Pattern, SchemaNode Node)> patterns, SchemaNode? additional) : Keyword("properties")
{
    public static ObjectMembersKeyword Make(KeywordSource source) => new(
        source.Sibling("properties")?.NamedSchemas() ?? [],
        source.Sibling("patternProperties") is { } patterns ? [.. patterns.NamedSchemas().Select(pair => (PatternKeyword.Compile(patterns, pair.Key), pair.Value))] : [],
        source.Sibling("additionalProperties")?.Schema());

    public static ObjectMembersKeyword? MakeUnlessBefore(KeywordSource source)
    {
        bool before = source.Sibling("properties") is not null || (source.Name == "additionalProperties" && source.Sibling("patternProperties") is not null);
        return before ? null : Make(source);
    }

    /// <summary>The names with a schema of their own.</summary>
    public IEnumerable<string> Names => named.Keys;

    /// <summary>The schemas that a member must fit.</summary>
    public IEnumerable<SchemaNode> NodesOf(string name)
    {
        bool isKnown = named.TryGetValue(name, out var own);
        if (isKnown) yield return own!;
        foreach (var (pattern, node) in patterns)
        {
            if (!PatternKeyword.Matches(pattern, name)) continue;
            isKnown = true;
            yield return node;
        }

        if (!isKnown && additional is not null) yield return additional;
    }

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Object) return true;
        bool fits = true;
        foreach (var member in instance.EnumerateObject())
        {
            foreach (var node in NodesOf(member.Name))
            {
                fits &= ReferenceEquals(node, additional) && node.IsFalse ? run.Fail("additionalProperties", NotAllowed(member.Name)) : run.CheckAt(member.Name, node, member.Value);
                if (!fits && run.Findings is null) return false;
                evaluated?.AddProperty(member.Name);
            }
        }

        return fits;
    }

    /// <summary>The finding that a member may not be there.</summary>
    public string NotAllowed(string name) =>
        $"must not have the property {Words.Name(name)}; allowed {(named.Count == 0 ? "are none" : $"are {Words.Choices([.. named.Keys.Select(Words.Name)])}")}";
}

/// <summary><c>required</c>.</summary>
internal sealed class RequiredKeyword(IReadOnlyList<string> names) : Keyword("required")
{
    public static RequiredKeyword Make(KeywordSource source) => new(KeywordSource.Texts(source.Value, source.Invalid));

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Object) return true;
        bool fits = true;
        foreach (string name in names)
        {
            if (!instance.TryGetProperty(name, out _)) fits = run.Fail(Name, $"must have the property {Words.Name(name)}");
        }

        return fits;
    }
}

/// <summary><c>dependentRequired</c>, and the lists of the older <c>dependencies</c>.</summary>
internal sealed class DependentRequiredKeyword(string name, IReadOnlyDictionary<string, List<string>> needs) : Keyword(name)
{
    public static DependentRequiredKeyword Make(KeywordSource source)
    {
        if (source.Value.ValueKind != JsonValueKind.Object) throw source.Invalid("an object of lists");
        return new(source.Name, source.Value.EnumerateObject().GroupBy(member => member.Name).ToDictionary(group => group.Key, group => KeywordSource.Texts(group.Last().Value, source.Invalid)));
    }

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Object) return true;
        bool fits = true;
        foreach (var (trigger, names) in needs)
        {
            if (!instance.TryGetProperty(trigger, out _)) continue;
            foreach (string name in names.Where(name => !instance.TryGetProperty(name, out _)))
            {
                fits = run.Fail(Name, $"must have the property {Words.Name(name)}, because it has {Words.Name(trigger)}");
            }
        }

        return fits;
    }
}

/// <summary><c>propertyNames</c>.</summary>
internal sealed class PropertyNamesKeyword(KeywordSource source) : Keyword("propertyNames")
{
    private readonly SchemaNode node = source.Schema();

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Object) return true;
        bool fits = true;
        foreach (var member in instance.EnumerateObject())
        {
            if (!run.TryQuietly(node, JsonNames.ElementOf(member.Name), null)) fits = run.Fail(Name, $"must not have a property named {Words.Name(member.Name)}");
        }

        return fits;
    }
}
