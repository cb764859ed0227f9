using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary><c>const</c>.</summary>
internal sealed class ConstKeyword(JsonElement value) : Keyword("const")
{
    /// <summary>The value.</summary>
    public JsonElement Value { get; } = value;

    public static ConstKeyword Make(KeywordSource source) => new(source.Value);

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated) =>
        JsonElement.DeepEquals(instance, Value) || run.Fail(Name, $"must be {Words.Value(Value)}, but is {Words.Value(instance)}");
}

/// <summary><c>enum</c>.</summary>
internal sealed class EnumKeyword(IReadOnlyList<JsonElement> values) : Keyword("enum")
{
    /// <summary>The values.</summary>
    public IReadOnlyList<JsonElement> Values { get; } = values;

    public static EnumKeyword Make(KeywordSource source) =>
        source.Value.ValueKind == JsonValueKind.Array ? new EnumKeyword([.. source.Value.EnumerateArray()]) : throw source.Invalid("a list of values");

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        foreach (var value in Values)
        {
            if (JsonElement.DeepEquals(instance, value)) return true;
        }

        return run.Fail(Name, $"must be one of {Words.Choices([.. Values.Select(Words.Value)])}, but is {Words.Value(instance)}");
    }
}
