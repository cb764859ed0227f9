using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>Finds members of objects by name. Those of a large object are indexed when one is first looked for: a schema may hold as many references as definitions, and to walk over these
/// for each of those would take the product of both. Not thread-safe.</summary>
internal sealed class SchemaMembers
{
    private const int Few = 64;

    private readonly Dictionary<(string Resource, string Pointer), Dictionary<string, JsonElement>> large = [];

    /// <summary>The member, or <c>null</c> where there is none.</summary>
    /// <param name="parent">The object, or another value, which has none.</param>
    /// <param name="resource">The address of what it stands in.</param>
    /// <param name="pointer">Where it stands there.</param>
    /// <param name="name">The member's name.</param>
    public JsonElement? Find(JsonElement parent, string resource, string pointer, string name)
    {
        if (parent.ValueKind != JsonValueKind.Object) return null;
        if (parent.GetPropertyCount() <= Few) return parent.TryGetProperty(name, out var member) ? member : null;
        if (!large.TryGetValue((resource, pointer), out var members)) large[(resource, pointer)] = members = Index(parent);
        return members.TryGetValue(name, out var found) ? found : null;
    }

    private static Dictionary<string, JsonElement> Index(JsonElement parent)
    {
        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in parent.EnumerateObject()) members[member.Name] = member.Value;
        return members;
    }
}
