using System.Collections.Concurrent;
using System.Text.Json;
using Countersign.Cascade.JsonSchemas;

namespace Countersign.Cascade.Validators.Structure;

/// <summary>Compiled schemas by their text: requests send the same few again and again. Bounded: when full, it starts anew.</summary>
internal sealed class SchemaCache(Func<JsonElement, JsonElement> prepare, bool assertFormats)
{
    private const int Capacity = 256;

    private readonly ConcurrentDictionary<string, JsonSchema> compiled = new(StringComparer.Ordinal);

    /// <summary>The schema, compiled.</summary>
    /// <exception cref="Protocol.Problems.ProblemException">It is no schema.</exception>
    public JsonSchema Get(JsonElement schema)
    {
        string text = schema.GetRawText();
        if (compiled.TryGetValue(text, out var known)) return known;
        if (compiled.Count >= Capacity) compiled.Clear();
        return compiled[text] = JsonSchema.Compile(prepare(schema), new JsonSchemaOptions { AssertFormats = assertFormats });
    }
}
