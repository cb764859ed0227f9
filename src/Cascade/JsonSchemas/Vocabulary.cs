using System.Collections.Frozen;
using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>Which keywords a schema's dialect knows, where its meta-schema (<c>$schema</c>) is at hand and says so (<c>$vocabulary</c>); else all.</summary>
internal sealed class Vocabulary
{
    private const string Prefix = "https://json-schema.org/draft/2020-12/vocab/";

    private static readonly Vocabulary Full = new() { HasValidation = true };

    private static readonly FrozenSet<string> Validation = new[]
    {
        "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern",
        "maxItems", "minItems", "uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties", "required", "dependentRequired",
    }.ToFrozenSet();

    private bool HasValidation { get; init; }

    /// <summary>Whether <c>format</c> is an assertion.</summary>
    public bool AssertsFormats { get; private init; }

    /// <summary>Whether the keyword counts.</summary>
    public bool Has(string keyword) => HasValidation || !Validation.Contains(keyword);

    /// <summary>The vocabulary of the resource that <paramref name="place"/> stands in.</summary>
    public static Vocabulary Of(SchemaPlace place, SchemaDocuments documents)
    {
        var root = place.Resource.Root;
        bool names = root.ValueKind == JsonValueKind.Object && root.TryGetProperty("$schema", out var dialect) && dialect.ValueKind == JsonValueKind.String;
        if (!names || !Uri.TryCreate(root.GetProperty("$schema").GetString(), UriKind.Absolute, out var uri) || documents.Find(uri) is not { } meta) return Full;
        if (meta.Root.ValueKind != JsonValueKind.Object || !meta.Root.TryGetProperty("$vocabulary", out var vocabulary) || vocabulary.ValueKind != JsonValueKind.Object) return Full;
        return new Vocabulary
        {
            HasValidation = vocabulary.TryGetProperty($"{Prefix}validation", out _),
            AssertsFormats = vocabulary.TryGetProperty($"{Prefix}format-assertion", out _),
        };
    }
}
