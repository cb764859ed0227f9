using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>A JSON Schema of draft 2020-12 (https://json-schema.org/draft/2020-12), compiled once and asked often. Thread-safe. Nothing is ever fetched:
/// a reference leads into the schema itself or to a document given beside it.</summary>
public sealed class JsonSchema
{
    private JsonSchema(SchemaNode root, bool hasDynamicReferences) => (Root, HasDynamicReferences) = (root, hasDynamicReferences);

    internal SchemaNode Root { get; }

    /// <summary>Whether a part of it may mean something else by itself than within the whole.</summary>
    internal bool HasDynamicReferences { get; }

    /// <summary>Compiles a schema.</summary>
    /// <param name="schema">The schema: an object, <c>true</c> or <c>false</c>.</param>
    /// <param name="options">How it is read; <c>null</c>: as the standard says.</param>
    /// <exception cref="ProblemException">It is no schema, or a reference leads nowhere; names the place.</exception>
    public static JsonSchema Compile(JsonElement schema, JsonSchemaOptions? options = null)
    {
        options ??= new JsonSchemaOptions();
        var documents = new SchemaDocuments(options.Documents);
        var root = documents.Add(options.BaseUri ?? SchemaDocuments.DefaultBase, schema.Clone());
        return new JsonSchema(new SchemaCompiler(documents, options).Compile(root), schema.GetRawText().Contains("$dynamicRef", StringComparison.Ordinal));
    }

    /// <summary>What is wrong with <paramref name="instance"/>; empty where nothing is.</summary>
    /// <exception cref="SchemaLimitException">The check takes more steps or goes deeper than allowed.</exception>
    public IReadOnlyList<SchemaFinding> Validate(JsonElement instance)
    {
        var run = new Evaluation([]);
        run.Check(Root, instance, null);
        return run.Findings!;
    }

    /// <summary>Whether <paramref name="instance"/> fits, without saying why not.</summary>
    /// <exception cref="SchemaLimitException">The check takes more steps or goes deeper than allowed.</exception>
    public bool Fits(JsonElement instance) => new Evaluation(null).Check(Root, instance, null);
}

/// <summary>How a schema is read.</summary>
public sealed record JsonSchemaOptions
{
    /// <summary>Whether <c>format</c> is checked. The standard takes it for an annotation.</summary>
    public bool AssertFormats { get; init; }

    /// <summary>Where the schema comes from, for references relative to it; <c>null</c>: nowhere.</summary>
    public Uri? BaseUri { get; init; }

    /// <summary>Documents that it may refer to, by address.</summary>
    public IReadOnlyDictionary<Uri, JsonElement> Documents { get; init; } = new Dictionary<Uri, JsonElement>();
}

/// <summary>Something that is wrong with a value.</summary>
/// <param name="Where">The place in the value, as a JSON pointer; empty for all of it.</param>
/// <param name="Keyword">The keyword of the schema that says so.</param>
/// <param name="Message">What is wrong, in words for whoever mends it.</param>
public sealed record SchemaFinding(string Where, string Keyword, string Message);

/// <summary>A check was given up: a schema that loops, or one that takes very many steps.</summary>
public sealed class SchemaLimitException(string message) : Exception(message);
