using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary><c>type</c>.</summary>
internal sealed class TypeKeyword(IReadOnlyList<string> types) : Keyword("type")
{
    private static readonly string[] Known = ["null", "boolean", "object", "array", "number", "string", "integer"];

    /// <summary>The types allowed.</summary>
    public IReadOnlyList<string> Types { get; } = types;

    public static TypeKeyword Make(KeywordSource source)
    {
        var types = source.Value.ValueKind == JsonValueKind.String ? [source.Text()] : KeywordSource.Texts(source.Value, source.Invalid);
        if (types.Find(type => !Known.Contains(type)) is { } unknown) throw source.Invalid($"one of {string.Join(", ", Known)}; it is '{unknown}'");
        return new TypeKeyword(types);
    }

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        foreach (string type in Types)
        {
            if (IsOf(instance, type)) return true;
        }

        return run.Fail(Name, $"must be {string.Join(" or ", Types.Select(Words.TypeOf))}, but is {Words.KindOf(instance)}{(instance.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Null ? "" : $" ({Words.Value(instance)})")}");
    }

    private static bool IsOf(JsonElement instance, string type) => instance.ValueKind switch
    {
        JsonValueKind.Object => type == "object",
        JsonValueKind.Array => type == "array",
        JsonValueKind.String => type == "string",
        JsonValueKind.Null => type == "null",
        JsonValueKind.Number => type == "number" || (type == "integer" && ExactNumber.Of(instance).IsInteger),
        _ => type == "boolean",
    };
}
