using System.Runtime.CompilerServices;
using System.Text.Json;
using Countersign.Cascade.JsonSchemas.Keywords;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>Compiles schemas into nodes, each place once, so that recursion is a cycle of nodes.</summary>
internal sealed class SchemaCompiler(SchemaDocuments documents, JsonSchemaOptions options)
{
    private readonly Dictionary<string, SchemaNode> nodes = new(StringComparer.Ordinal);

    /// <summary>Compiles a schema and all that it can reach, dynamically too.</summary>
    public SchemaNode Compile(SchemaPlace root)
    {
        var node = NodeAt(root);
        bool more = true;
        while (more) more = CompileDynamicAnchors();
        return node;
    }

    /// <summary>The node for a place.</summary>
    public SchemaNode NodeAt(SchemaPlace place)
    {
        if (place.Pointer.Length > 0) place = Rooted(place);
        if (nodes.TryGetValue(place.Address, out var known)) return known;
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack()) throw Invalid(place, "References follow each other without end");
        if (place.Schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False)) throw Invalid(place, "A schema is an object, true or false");
        var node = nodes[place.Address] = new SchemaNode(place.Resource) { IsFalse = place.Schema.ValueKind == JsonValueKind.False };
        if (place.Schema.ValueKind == JsonValueKind.Object) node.Keywords = KeywordsOf(place);
        node.HasUnevaluated = node.Keywords.Any(keyword => keyword is UnevaluatedProperties or UnevaluatedItems);
        return node;
    }

    /// <summary>The node that a reference leads to.</summary>
    public SchemaNode NodeOf(SchemaResource from, string reference) => NodeAt(documents.Resolve(from, reference));

    /// <summary>The name that a reference gives by <c>$dynamicAnchor</c>, or <c>null</c> where it gives none.</summary>
    public string? DynamicNameOf(SchemaResource from, string reference)
    {
        var place = documents.Resolve(from, reference);
        int hash = reference.IndexOf('#', StringComparison.Ordinal);
        string? name = hash < 0 ? null : reference[(hash + 1)..];
        return name is not null && place.Resource.DynamicNames.Contains(name) ? name : null;
    }

    /// <summary>A fault in the schema.</summary>
    public static ProblemException Invalid(SchemaPlace place, string what) =>
        ProblemException.Invalid($"{what} (in the JSON schema at '#{place.Pointer}').", $"schema#{place.Pointer}");

    private List<Keyword> KeywordsOf(SchemaPlace place)
    {
        var vocabulary = Vocabulary.Of(place, documents);
        List<Keyword> keywords = [];
        foreach (var (name, make) in KeywordTable.InOrder)
        {
            if (!place.Schema.TryGetProperty(name, out var value) || !vocabulary.Has(name)) continue;
            bool assertFormats = options.AssertFormats || vocabulary.AssertsFormats;
            if (make(new KeywordSource(this, place, name, value, assertFormats)) is { } keyword) keywords.Add(keyword);
        }

        return keywords;
    }

    /// <summary>The same place as the root of its own resource, where the schema has an <c>$id</c>.</summary>
    private SchemaPlace Rooted(SchemaPlace place)
    {
        bool hasId = place.Schema.ValueKind == JsonValueKind.Object && place.Schema.TryGetProperty("$id", out var id) && id.ValueKind == JsonValueKind.String;
        if (!hasId || !Uri.TryCreate(place.Resource.Uri, place.Schema.GetProperty("$id").GetString(), out var uri)) return place;
        return documents.Find(uri) is { } own && !ReferenceEquals(own, place.Resource) ? new SchemaPlace(own, "", own.Root) : place;
    }

    private bool CompileDynamicAnchors()
    {
        bool any = false;
        foreach (var resource in documents.Resources.ToList())
        {
            foreach (string name in resource.DynamicNames)
            {
                if (resource.DynamicAnchors.TryAdd(name, NodeAt(resource.Anchors[name]))) any = true;
            }
        }

        return any;
    }
}
