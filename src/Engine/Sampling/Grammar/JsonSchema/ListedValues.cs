using System.Text.Json;
using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>Values listed one by one: <c>enum</c> and <c>const</c>.</summary>
internal static class ListedValues
{
    private static readonly string[] s_besides =
    [
        "properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties", "maxProperties", "items", "prefixItems", "minItems", "maxItems",
        "minLength", "maxLength", "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ];

    /// <summary>The values that all lists have, of one of the types.</summary>
    public static GrammarExpression Build(SchemaCompiler compiler, SchemaConjunction schema, HashSet<string>? types)
    {
        List<string>? values = null;
        foreach (SchemaNode list in schema.All("enum").Concat(schema.All("const")))
        {
            IEnumerable<SchemaNode> own = list.Place.EndsWith("/const", StringComparison.Ordinal) ? [list] : list.Items();
            List<string> texts = [.. own.Where(value => IsOf(value.Element, types)).Select(static value => JsonText.Compact(value.Element))];
            values = values is null ? texts : [.. values.Intersect(texts)];
        }

        foreach (SchemaNode beside in s_besides.SelectMany(schema.All)) compiler.Report(beside, "beside a list of values");
        return Choice([.. values!.Distinct().Select(Literal)]);
    }

    private static bool IsOf(JsonElement value, HashSet<string>? types) => types is null || value.ValueKind switch
    {
        JsonValueKind.Object => types.Contains("object"),
        JsonValueKind.Array => types.Contains("array"),
        JsonValueKind.String => types.Contains("string"),
        JsonValueKind.Number => types.Contains("number") || types.Contains("integer") && value.TryGetDecimal(out decimal number) && number == decimal.Truncate(number),
        JsonValueKind.Null => types.Contains("null"),
        _ => types.Contains("boolean"),
    };
}
