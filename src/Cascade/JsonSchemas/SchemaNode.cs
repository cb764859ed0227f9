using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>A compiled schema: its keywords, in the order in which they are checked.</summary>
internal sealed class SchemaNode(SchemaResource resource)
{
    /// <summary>The resource that it stands in; entering another one extends the dynamic scope.</summary>
    public SchemaResource Resource { get; } = resource;

    /// <summary>Its keywords; filled by the compiler after the node is known, since schemas refer to themselves.</summary>
    public IReadOnlyList<Keyword> Keywords { get; set; } = [];

    /// <summary>Whether it is the schema <c>false</c>, which nothing fits.</summary>
    public bool IsFalse { get; init; }

    /// <summary>Whether it looks at what other keywords have evaluated.</summary>
    public bool HasUnevaluated { get; set; }

    /// <summary>The keyword of that type, or <c>null</c>.</summary>
    public TKeyword? Find<TKeyword>() where TKeyword : Keyword => Keywords.OfType<TKeyword>().FirstOrDefault();
}

/// <summary>A compiled keyword.</summary>
internal abstract class Keyword(string name)
{
    /// <summary>Its name in the schema.</summary>
    public string Name { get; } = name;

    /// <summary>Whether <paramref name="instance"/> satisfies it. What is wrong is told to <paramref name="run"/>; what it looked at is noted in
    /// <paramref name="evaluated"/>, where anyone asks.</summary>
    public abstract bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated);
}
