using System.Globalization;
using System.Text.Json;
using Countersign.Cascade.Answers;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary><c>prefixItems</c> and <c>items</c>; also the older spelling, <c>items</c> as a list with <c>additionalItems</c>.</summary>
internal sealed class ArrayItemsKeyword(IReadOnlyList<SchemaNode> first, SchemaNode? rest) : Keyword("items")
{
    public static ArrayItemsKeyword Make(KeywordSource source)
    {
        bool isOldList = source.Name == "items" && source.Value.ValueKind == JsonValueKind.Array;
        var first = source.Name == "prefixItems" || isOldList ? source.Schemas() : [];
        var rest = isOldList ? source.Sibling("additionalItems") : source.Sibling("items");
        return new ArrayItemsKeyword(first, rest?.Schema());
    }

    public static ArrayItemsKeyword? MakeUnlessBefore(KeywordSource source) => source.Sibling("prefixItems") is null ? Make(source) : null;

    /// <summary>The schema of an item; <c>null</c> where there is none.</summary>
    public SchemaNode? NodeOf(int index) => index < first.Count ? first[index] : rest;

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Array) return true;
        bool fits = true;
        foreach (var (index, item) in instance.EnumerateArray().Index())
        {
            if (NodeOf(index) is not { } node) break;
            fits &= node.IsFalse ? run.Fail(Name, $"must have at most {index} items, but has {instance.GetArrayLength()}") : run.CheckAt(index.ToString(CultureInfo.InvariantCulture), node, item);
            if (node.IsFalse || (!fits && run.Findings is null)) break;
        }

        if (rest is null) evaluated?.AddItemsBelow(first.Count);
        else evaluated?.AddAllItems();
        return fits;
    }
}

/// <summary><c>contains</c> with <c>minContains</c> and <c>maxContains</c>.</summary>
internal sealed class ContainsKeyword(SchemaNode node, int least, int most) : Keyword("contains")
{
    public static ContainsKeyword Make(KeywordSource source) =>
        new(source.Schema(), source.Sibling("minContains")?.Count() ?? 1, source.Sibling("maxContains")?.Count() ?? int.MaxValue);

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Array) return true;
        int count = 0;
        foreach (var (index, item) in instance.EnumerateArray().Index())
        {
            if (!run.TryQuietly(node, item, null)) continue;
            count++;
            evaluated?.AddItem(index);
        }

        if (count < least) return run.Fail(Name, $"must contain at least {least} item{(least == 1 ? "" : "s")} of the form that the schema describes, but contains {count}");
        return count <= most || run.Fail("maxContains", $"must contain at most {most} items of the form that the schema describes, but contains {count}");
    }
}

/// <summary><c>uniqueItems</c>.</summary>
internal sealed class UniqueItemsKeyword() : Keyword("uniqueItems")
{
    public static UniqueItemsKeyword? Make(KeywordSource source) => source.Value.ValueKind switch
    {
        JsonValueKind.True => new UniqueItemsKeyword(),
        JsonValueKind.False => null,
        _ => throw source.Invalid("true or false"),
    };

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Array) return true;
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        foreach (var (index, item) in instance.EnumerateArray().Index())
        {
            if (!seen.TryAdd(JsonAnswer.Canonical(item), index)) return run.Fail(Name, $"must have no item twice, but item {index} repeats item {seen[JsonAnswer.Canonical(item)]}");
        }

        return true;
    }
}
