using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>A schema with an address of its own: a document, or a part of one that has an <c>$id</c>.</summary>
/// <param name="uri">Its address, without fragment.</param>
/// <param name="root">Its root schema.</param>
internal sealed class SchemaResource(Uri uri, JsonElement root)
{
    /// <summary>Its address.</summary>
    public Uri Uri { get; } = uri;

    /// <summary>Its root schema.</summary>
    public JsonElement Root { get; } = root;

    /// <summary>The places named by <c>$anchor</c> and <c>$dynamicAnchor</c>.</summary>
    public Dictionary<string, SchemaPlace> Anchors { get; } = new(StringComparer.Ordinal);

    /// <summary>The names given by <c>$dynamicAnchor</c>, compiled.</summary>
    public Dictionary<string, SchemaNode> DynamicAnchors { get; } = new(StringComparer.Ordinal);

    /// <summary>The names given by <c>$dynamicAnchor</c>.</summary>
    public HashSet<string> DynamicNames { get; } = new(StringComparer.Ordinal);
}

/// <summary>A schema's place.</summary>
/// <param name="Resource">The resource that it belongs to.</param>
/// <param name="Pointer">The JSON pointer from the resource's root.</param>
/// <param name="Schema">The schema itself.</param>
internal sealed record SchemaPlace(SchemaResource Resource, string Pointer, JsonElement Schema)
{
    /// <summary>The same place as text; equal for one schema only.</summary>
    public string Address => $"{Resource.Uri}#{Pointer}";
}
