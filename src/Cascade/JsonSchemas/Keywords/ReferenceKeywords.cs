using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary><c>$ref</c>.</summary>
internal sealed class RefKeyword(KeywordSource source) : Keyword("$ref")
{
    /// <summary>Where it leads.</summary>
    public SchemaNode Target { get; } = source.Compiler.NodeOf(source.Place.Resource, source.Text());

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated) => run.Check(Target, instance, evaluated);
}

/// <summary><c>$dynamicRef</c>: leads to the outermost schema in the dynamic scope that has the anchor, where the first target has one at all.</summary>
internal sealed class DynamicRefKeyword(KeywordSource source) : Keyword("$dynamicRef")
{
    private readonly SchemaNode target = source.Compiler.NodeOf(source.Place.Resource, source.Text());
    private readonly string? anchor = source.Compiler.DynamicNameOf(source.Place.Resource, source.Text());

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated) => run.Check(TargetIn(run.Scope), instance, evaluated);

    private SchemaNode TargetIn(IReadOnlyList<SchemaResource> scope)
    {
        if (anchor is null) return target;
        foreach (var resource in scope)
        {
            if (resource.DynamicAnchors.TryGetValue(anchor, out var node)) return node;
        }

        return target;
    }
}
