using System.Globalization;
using System.Text.Json;

namespace Countersign.Cascade.JsonSchemas.Keywords;

/// <summary><c>unevaluatedProperties</c>.</summary>
internal sealed class UnevaluatedProperties(KeywordSource source) : Keyword("unevaluatedProperties")
{
    private readonly SchemaNode node = source.Schema();

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Object) return true;
        bool fits = true;
        foreach (var member in instance.EnumerateObject())
        {
            if (evaluated!.HasProperty(member.Name)) continue;
            fits &= node.IsFalse ? run.Fail(Name, $"must not have the property {Words.Name(member.Name)}") : run.CheckAt(member.Name, node, member.Value);
        }

        evaluated!.AddAllProperties();
        return fits;
    }
}

/// <summary><c>unevaluatedItems</c>.</summary>
internal sealed class UnevaluatedItems(KeywordSource source) : Keyword("unevaluatedItems")
{
    private readonly SchemaNode node = source.Schema();

    public override bool Holds(JsonElement instance, Evaluation run, Evaluated? evaluated)
    {
        if (instance.ValueKind != JsonValueKind.Array) return true;
        bool fits = true;
        foreach (var (index, item) in instance.EnumerateArray().Index())
        {
            if (evaluated!.HasItem(index)) continue;
            fits &= node.IsFalse ? run.Fail(Name, $"must not have an item {index}") : run.CheckAt(index.ToString(CultureInfo.InvariantCulture), node, item);
        }

        evaluated!.AddAllItems();
        return fits;
    }
}
