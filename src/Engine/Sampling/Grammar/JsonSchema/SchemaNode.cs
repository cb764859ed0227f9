using System.Text.Json;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>A part of a schema, with its place as a JSON pointer.</summary>
internal sealed class SchemaNode(string place, JsonElement element)
{
    public string Place => place;

    public JsonElement Element => element;

    public SchemaNode? Get(string keyword) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(keyword, out JsonElement value) ? new SchemaNode($"{place}/{Escaped(keyword)}", value) : null;

    public IEnumerable<SchemaNode> Items()
    {
        if (element.ValueKind != JsonValueKind.Array) throw Error("an array was expected");
        return element.EnumerateArray().Select((item, index) => new SchemaNode($"{place}/{index}", item));
    }

    public IEnumerable<(string Name, SchemaNode Node)> Members()
    {
        if (element.ValueKind != JsonValueKind.Object) throw Error("an object was expected");
        return element.EnumerateObject().Select(member => (member.Name, new SchemaNode($"{place}/{Escaped(member.Name)}", member.Value)));
    }

    public string Text() => element.ValueKind == JsonValueKind.String ? element.GetString()! : throw Error("a string was expected");

    public int Count() => element.ValueKind == JsonValueKind.Number && element.TryGetDecimal(out decimal count) && count >= 0 && count == decimal.Truncate(count)
        ? (int)Math.Min(count, int.MaxValue)
        : throw Error("a whole number from 0 was expected");

    /// <summary>Null where the number has too many digits to reckon with.</summary>
    public decimal? Number()
    {
        if (element.ValueKind != JsonValueKind.Number) throw Error("a number was expected");
        return element.TryGetDecimal(out decimal number) ? number : null;
    }

    public EngineException Error(string what) => GrammarLimits.Invalid($"JSON schema, {place}: {what}.");

    private static string Escaped(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
