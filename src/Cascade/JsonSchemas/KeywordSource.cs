using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>A keyword as it stands in a schema, with what is needed to compile it.</summary>
/// <param name="Compiler">Compiles the schemas within it.</param>
/// <param name="Place">The schema that it stands in.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
/// <param name="AssertFormats">Whether <c>format</c> is checked.</param>
internal sealed record KeywordSource(SchemaCompiler Compiler, SchemaPlace Place, string Name, JsonElement Value, bool AssertFormats)
{
    /// <summary>The value as a schema.</summary>
    public SchemaNode Schema() => NodeAt($"/{Name}", Value);

    /// <summary>The value as a list of schemas.</summary>
    public List<SchemaNode> Schemas()
    {
        if (Value.ValueKind != JsonValueKind.Array) throw Invalid("a list of schemas");
        return [.. Value.EnumerateArray().Select((schema, index) => NodeAt($"/{Name}/{index}", schema))];
    }

    /// <summary>The value as schemas by name.</summary>
    public Dictionary<string, SchemaNode> NamedSchemas()
    {
        if (Value.ValueKind != JsonValueKind.Object) throw Invalid("an object of schemas");
        Dictionary<string, SchemaNode> nodes = new(StringComparer.Ordinal);
        foreach (var member in Value.EnumerateObject()) nodes[member.Name] = SchemaAt(member.Name, member.Value);
        return nodes;
    }

    /// <summary>One of the schemas by name.</summary>
    public SchemaNode SchemaAt(string member, JsonElement schema) => NodeAt($"/{Name}/{SchemaChildren.Escape(member)}", schema);

    /// <summary>The same for another keyword of the schema; <c>null</c> where it is not there.</summary>
    public KeywordSource? Sibling(string name) => Place.Schema.TryGetProperty(name, out var value) ? this with { Name = name, Value = value } : null;

    /// <summary>The value as a count.</summary>
    public int Count()
    {
        bool isCount = Value.ValueKind == JsonValueKind.Number && ExactNumber.Of(Value) is { IsInteger: true, Mantissa.Sign: >= 0 };
        if (!isCount) throw Invalid("a whole number, zero or more");
        return Value.TryGetDecimal(out decimal count) ? (int)Math.Min(count, int.MaxValue) : int.MaxValue;
    }

    /// <summary>The value as a number.</summary>
    public ExactNumber Number() => Value.ValueKind == JsonValueKind.Number ? ExactNumber.Of(Value) : throw Invalid("a number");

    /// <summary>The value as a text.</summary>
    public string Text() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Invalid("a text");

    /// <summary>The value as a list of texts.</summary>
    public static List<string> Texts(JsonElement value, Func<string, ProblemException> invalid)
    {
        bool isList = value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String);
        return isList ? [.. value.EnumerateArray().Select(item => item.GetString()!)] : throw invalid("a list of texts");
    }

    /// <summary>The problem that the value is not what it must be.</summary>
    public ProblemException Invalid(string expected) => SchemaCompiler.Invalid(Place, $"'{Name}' must be {expected}");

    private SchemaNode NodeAt(string step, JsonElement schema) => Compiler.NodeAt(new SchemaPlace(Place.Resource, Place.Pointer + step, schema));
}
