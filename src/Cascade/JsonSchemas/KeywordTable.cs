using Countersign.Cascade.JsonSchemas.Keywords;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>Every keyword that asserts something, cheapest first; those that look at what others evaluated come last.</summary>
internal static class KeywordTable
{
    /// <summary>Name and compiler, in the order in which keywords are checked. A compiler says <c>null</c> where another keyword speaks for this one.</summary>
    public static IReadOnlyList<(string Name, Func<KeywordSource, Keyword?> Make)> InOrder { get; } =
    [
        ("type", TypeKeyword.Make),
        ("const", ConstKeyword.Make),
        ("enum", EnumKeyword.Make),
        ("minimum", source => new BoundKeyword(source, "at least", sign => sign >= 0)),
        ("exclusiveMinimum", source => new BoundKeyword(source, "more than", sign => sign > 0)),
        ("maximum", source => new BoundKeyword(source, "at most", sign => sign <= 0)),
        ("exclusiveMaximum", source => new BoundKeyword(source, "less than", sign => sign < 0)),
        ("multipleOf", MultipleOfKeyword.Make),
        ("minLength", source => new SizeKeyword(source, SizeOf.Text, isMinimum: true)),
        ("maxLength", source => new SizeKeyword(source, SizeOf.Text, isMinimum: false)),
        ("pattern", PatternKeyword.Make),
        ("format", FormatKeyword.Make),
        ("minItems", source => new SizeKeyword(source, SizeOf.Items, isMinimum: true)),
        ("maxItems", source => new SizeKeyword(source, SizeOf.Items, isMinimum: false)),
        ("minProperties", source => new SizeKeyword(source, SizeOf.Properties, isMinimum: true)),
        ("maxProperties", source => new SizeKeyword(source, SizeOf.Properties, isMinimum: false)),
        ("required", RequiredKeyword.Make),
        ("dependentRequired", DependentRequiredKeyword.Make),
        ("uniqueItems", UniqueItemsKeyword.Make),
        ("$ref", source => new RefKeyword(source)),
        ("$dynamicRef", source => new DynamicRefKeyword(source)),
        ("properties", ObjectMembersKeyword.Make),
        ("patternProperties", ObjectMembersKeyword.MakeUnlessBefore),
        ("additionalProperties", ObjectMembersKeyword.MakeUnlessBefore),
        ("propertyNames", source => new PropertyNamesKeyword(source)),
        ("prefixItems", ArrayItemsKeyword.Make),
        ("items", ArrayItemsKeyword.MakeUnlessBefore),
        ("contains", ContainsKeyword.Make),
        ("allOf", source => new AllOfKeyword(source)),
        ("anyOf", source => new AnyOfKeyword(source)),
        ("oneOf", source => new OneOfKeyword(source)),
        ("not", source => new NotKeyword(source)),
        ("if", IfKeyword.Make),
        ("dependentSchemas", source => new DependentSchemasKeyword(source)),
        ("dependencies", DependenciesKeyword.Make),
        ("unevaluatedItems", source => new UnevaluatedItems(source)),
        ("unevaluatedProperties", source => new UnevaluatedProperties(source)),
    ];
}
