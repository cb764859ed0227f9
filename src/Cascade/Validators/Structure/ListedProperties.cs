using System.Runtime.CompilerServices;
using System.Text.Json;
using Countersign.Cascade.Answers;
using Countersign.Cascade.JsonSchemas;

namespace Countersign.Cascade.Validators.Structure;

/// <summary>Tells the schemas that list the properties of their objects from those that let an object have any.</summary>
/// <param name="root">The schema in whose definitions references are looked up.</param>
internal sealed class ListedProperties(JsonElement root)
{
    private readonly Dictionary<string, bool> references = new(StringComparer.Ordinal);
    private readonly SchemaMembers members = new();

    /// <summary>Whether <paramref name="schema"/> does, by itself or by what it combines.</summary>
    public bool By(JsonElement schema)
    {
        if (schema.ValueKind != JsonValueKind.Object || !RuntimeHelpers.TryEnsureSufficientExecutionStack()) return false; // The compiler refuses references that deep.
        if (Member(schema, "properties") is { ValueKind: JsonValueKind.Object }) return true;
        return Items(schema, "allOf").Any(By) || ByEach(schema, "anyOf") || ByEach(schema, "oneOf")
            || (Member(schema, "then") is { } then && By(then)) || (Member(schema, "else") is { } otherwise && By(otherwise)) || ByReference(schema);
    }

    /// <summary>Whether every alternative that an object can fit does.</summary>
    private bool ByEach(JsonElement schema, string keyword)
    {
        var forms = Items(schema, keyword).Where(MayBeObject).ToList();
        return forms.Count > 0 && forms.TrueForAll(By);
    }

    private bool ByReference(JsonElement schema)
    {
        if (Member(schema, "$ref") is not { ValueKind: JsonValueKind.String } reference) return false;
        string pointer = reference.GetString()!;
        if (references.TryGetValue(pointer, out bool known)) return known;
        references[pointer] = false; // for a definition that refers to itself
        return references[pointer] = Find(pointer) is { } definition && By(definition);
    }

    /// <summary>What a reference within the schema (<c>#/$defs/name</c>) means; <c>null</c> where it is another kind of reference, or leads nowhere.</summary>
    private JsonElement? Find(string pointer)
    {
        if (pointer != "#" && !pointer.StartsWith("#/", StringComparison.Ordinal)) return null;
        var (place, walked) = (root, "");
        foreach (string step in pointer.Split('/').Skip(1))
        {
            string name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (members.Find(place, "", walked, name) is not { } member) return null;
            (place, walked) = (member, $"{walked}/{step}");
        }

        return place;
    }

    private static bool MayBeObject(JsonElement form) =>
        Member(form, "type") is not { ValueKind: JsonValueKind.String } type || TypeWords.Standard(type.GetString()!) is null or "object";

    private static List<JsonElement> Items(JsonElement schema, string keyword) => Member(schema, keyword) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    private static JsonElement? Member(JsonElement schema, string name) => schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var member) ? member : null;
}
