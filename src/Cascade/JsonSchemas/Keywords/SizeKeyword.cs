using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary>What a size is counted of.</summary>
internal enum SizeOf { Text, Items, Properties }

/// <summary><c>minLength</c>, <c>maxLength</c> (in Unicode code points), <c>minItems</c>, <c>maxItems</c>, <c>minProperties</c>, <c>maxProperties</c>.</summary>
internal sealed class SizeKeyword(KeywordSource source, SizeOf of, bool isMinimum) : Keyword(source.Name)
{
    private readonly int bound = source.Count();

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (Count(instance) is not { } count) return true;
        bool fits = isMinimum ? count >= bound : count <= bound;
        return fits || run.Fail(Name, $"must have {(isMinimum ? "at least" : "at most")} {bound} {(of switch { SizeOf.Text => "characters", SizeOf.Items => "items", _ => "properties" })}, but has {count}");
    }

    private int? Count(JsonElement instance) => (of, instance.ValueKind) switch
    {
        (SizeOf.Text, JsonValueKind.String) => instance.GetString()!.EnumerateRunes().Count(),
        (SizeOf.Items, JsonValueKind.Array) => instance.GetArrayLength(),
        (SizeOf.Properties, JsonValueKind.Object) => instance.GetPropertyCount(),
        _ => null,
    };
}
