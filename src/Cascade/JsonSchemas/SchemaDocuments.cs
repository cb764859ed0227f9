using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>The documents that a schema and its references live in, indexed by address and anchor.</summary>
/// <param name="others">Documents that may be referred to; indexed when they are.</param>
internal sealed class SchemaDocuments(IReadOnlyDictionary<Uri, JsonElement> others)
{
    /// <summary>The base of a schema that has none. Never resolved over a network.</summary>
    public static readonly Uri DefaultBase = new("schema://local/root");

    private readonly Dictionary<string, SchemaResource> resources = new(StringComparer.Ordinal);
    private readonly SchemaMembers members = new();

    /// <summary>The resources known so far.</summary>
    public IEnumerable<SchemaResource> Resources => resources.Values;

    /// <summary>Indexes a document; returns its root.</summary>
    public SchemaPlace Add(Uri uri, JsonElement schema)
    {
        uri = WithoutFragment(uri);
        var resource = new SchemaResource(uri, schema);
        resources[uri.AbsoluteUri] = resource;
        return Index(resource, "", schema);
    }

    /// <summary>The place that <paramref name="reference"/> leads to from <paramref name="from"/>.</summary>
    /// <exception cref="ProblemException">It leads nowhere.</exception>
    public SchemaPlace Resolve(SchemaResource from, string reference)
    {
        var (resource, fragment) = reference is ['#', .. var own] ? (from, own) : Apart(from, reference); // Most lead into their own document.
        fragment = Uri.UnescapeDataString(fragment);
        if (fragment.Length == 0) return new SchemaPlace(resource, "", resource.Root);
        if (fragment[0] == '/') return At(resource, fragment) ?? throw Nowhere(reference);
        return resource.Anchors.TryGetValue(fragment, out var place) ? place : throw Nowhere(reference);
    }

    private (SchemaResource Resource, string Fragment) Apart(SchemaResource from, string reference)
    {
        if (!Uri.TryCreate(from.Uri, reference, out var target)) throw Nowhere(reference);
        return (Find(target) ?? throw Nowhere(reference), target.Fragment.TrimStart('#'));
    }

    /// <summary>The resource at an address, or <c>null</c>.</summary>
    public SchemaResource? Find(Uri target)
    {
        var uri = WithoutFragment(target);
        if (resources.TryGetValue(uri.AbsoluteUri, out var known)) return known;
        if (!others.TryGetValue(uri, out var document)) return null;
        Add(uri, document);
        return resources[uri.AbsoluteUri];
    }

    private SchemaPlace Index(SchemaResource resource, string pointer, JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object) return new SchemaPlace(resource, pointer, schema);
        if (IdOf(schema) is { } id && Uri.TryCreate(resource.Uri, id, out var own) && WithoutFragment(own) is var uri && (uri != resource.Uri || pointer.Length > 0))
        {
            (resource, pointer) = (new SchemaResource(uri, schema), "");
            resources.TryAdd(uri.AbsoluteUri, resource);
            resource = resources[uri.AbsoluteUri];
        }

        var place = new SchemaPlace(resource, pointer, schema);
        if (TextOf(schema, "$anchor") is { } anchor) resource.Anchors.TryAdd(anchor, place);
        if (TextOf(schema, "$dynamicAnchor") is { } dynamicAnchor && resource.DynamicNames.Add(dynamicAnchor)) resource.Anchors.TryAdd(dynamicAnchor, place);
        foreach (var (step, child) in SchemaChildren.Of(schema)) Index(resource, pointer + step, child);
        return place;
    }

    /// <summary>Follows a JSON pointer; a schema with an <c>$id</c> on the way begins a resource of its own.</summary>
    private SchemaPlace? At(SchemaResource resource, string pointer)
    {
        var (value, walked) = (resource.Root, "");
        foreach (string step in pointer.Split('/').Skip(1))
        {
            string name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (Child(value, resource, walked, name) is not { } child) return null;
            (value, walked) = (child, $"{walked}/{step}");
            if (IdOf(value) is { } id && Uri.TryCreate(resource.Uri, id, out var own) && Find(own) is { } inner && !ReferenceEquals(inner, resource)) (resource, walked) = (inner, "");
        }

        return new SchemaPlace(resource, walked, value);
    }

    private JsonElement? Child(JsonElement value, SchemaResource resource, string walked, string name)
    {
        if (value.ValueKind == JsonValueKind.Object) return members.Find(value, resource.Uri.AbsoluteUri, walked, name);
        bool isItem = value.ValueKind == JsonValueKind.Array && int.TryParse(name, out int index) && index >= 0 && index < value.GetArrayLength();
        return isItem ? value[int.Parse(name)] : null;
    }

    private static string? IdOf(JsonElement schema) => TextOf(schema, "$id");

    private static string? TextOf(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Uri WithoutFragment(Uri uri) => uri.Fragment.Length == 0 && !uri.OriginalString.EndsWith('#') ? uri : new Uri(uri.AbsoluteUri.Split('#')[0]);

    private static ProblemException Nowhere(string reference) =>
        ProblemException.Invalid($"The schema's reference '{reference}' leads nowhere. References must lead into the schema itself; nothing is fetched.", "$ref");
}
