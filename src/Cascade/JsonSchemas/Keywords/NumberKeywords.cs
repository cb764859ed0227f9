using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary><c>minimum</c>, <c>maximum</c> and their exclusive forms.</summary>
internal sealed class BoundKeyword(KeywordSource source, string words, Func<int, bool> allows) : Keyword(source.Name)
{
    private readonly ExactNumber bound = source.Number();
    private readonly string written = source.Value.GetRawText();

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated) =>
        instance.ValueKind != JsonValueKind.Number || allows(ExactNumber.Of(instance).CompareTo(bound)) || run.Fail(Name, $"must be {words} {written}, but is {Words.Value(instance)}");
}

/// <summary><c>multipleOf</c>.</summary>
internal sealed class MultipleOfKeyword(ExactNumber step, string written) : Keyword("multipleOf")
{
    public static MultipleOfKeyword Make(KeywordSource source) =>
        source.Number() is { Mantissa.Sign: > 0 } step ? new MultipleOfKeyword(step, source.Value.GetRawText()) : throw source.Invalid("a number above zero");

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated) =>
        instance.ValueKind != JsonValueKind.Number || ExactNumber.Of(instance).IsMultipleOf(step) || run.Fail(Name, $"must be a multiple of {written}, but is {Words.Value(instance)}");
}
