using System.Text.Json.Nodes;
using Countersign.Gateway.Configuration.Files;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>A group of known keys, read into an immutable record: each key has a line that says what it means, its shape, and how it is set.</summary>
/// <param name="summary">What the group is.</param>
/// <param name="start">The record with its defaults, made from the name that the group has in the map around it.</param>
internal sealed class ObjectShape<T>(string summary, Func<string, T> start) : Shape<T>
{
    private readonly List<Field> fields = [];

    /// <summary>A key that may be left out.</summary>
    public ObjectShape<T> Optional<TValue>(string name, string summary, Shape<TValue> shape, Func<T, TValue, T> set) => Add(name, summary, false, shape, null, set);

    /// <summary>A key that may be left out; the schema shows its default.</summary>
    public ObjectShape<T> Optional<TValue>(string name, string summary, Shape<TValue> shape, Func<T, TValue> get, Func<T, TValue, T> set) => Add(name, summary, false, shape, get, set);

    /// <summary>A key that must be there.</summary>
    public ObjectShape<T> Required<TValue>(string name, string summary, Shape<TValue> shape, Func<T, TValue, T> set) => Add(name, summary, true, shape, null, set);

    public override bool TryRead(ConfigNode node, ProblemList problems, out T value)
    {
        value = start(node.Path.Key);
        if (node is not MapNode map)
        {
            problems.Add(node, $"Found {Found.In(node)}, but this is a group of keys.", $"Write its keys: {string.Join(", ", fields.Select(field => field.Name))}.");
            return false;
        }

        foreach (Field field in fields) value = field.Read(value, map, problems);
        foreach (MapEntry entry in map.Entries.Where(entry => fields.All(field => field.Name != entry.Key))) ReportUnknown(map, entry, problems);
        return true;
    }

    public override JsonObject Schema()
    {
        var schema = new JsonObject { ["type"] = "object", ["description"] = summary, ["additionalProperties"] = false };
        var properties = new JsonObject();
        foreach (Field field in fields) properties[field.Name] = field.Schema(start(""));
        schema["properties"] = properties;
        if (fields.Any(field => field.IsRequired)) schema["required"] = new JsonArray([.. fields.Where(field => field.IsRequired).Select(field => JsonValue.Create(field.Name))]);
        return schema;
    }

    private ObjectShape<T> Add<TValue>(string name, string summary, bool isRequired, Shape<TValue> shape, Func<T, TValue>? get, Func<T, TValue, T> set)
    {
        fields.Add(new Field<TValue>(name, summary, isRequired, shape, get, set));
        return this;
    }

    private void ReportUnknown(MapNode map, MapEntry entry, ProblemList problems)
    {
        string where = map.Path.Text.Length == 0 ? "at the top of the file" : $"in {map.Path}";
        string remedy = DidYouMean.Remedy(entry.Key, fields.Select(field => field.Name), "Known here");
        problems.Add(entry.Place, map.Path.Entry(entry.Key).Text, $"There is no key \"{entry.Key}\" {where}.", remedy);
    }

    private abstract class Field(string name, string summary, bool isRequired)
    {
        public string Name => name;
        public bool IsRequired => isRequired;
        protected string Summary => summary;

        public abstract T Read(T target, MapNode map, ProblemList problems);
        public abstract JsonObject Schema(T defaults);
    }

    private sealed class Field<TValue>(string name, string summary, bool isRequired, Shape<TValue> shape, Func<T, TValue>? get, Func<T, TValue, T> set) : Field(name, summary, isRequired)
    {
        public override T Read(T target, MapNode map, ProblemList problems)
        {
            ConfigNode? node = map.Get(Name);
            if (node is not null and not ScalarNode { IsNull: true }) return shape.TryRead(node, problems, out TValue value) ? set(target, value) : target;
            if (IsRequired) problems.Add(node?.Place ?? map.Place, map.Path.Entry(Name).Text, "This key is missing.", $"Add it: {Summary.TrimEnd('.')}.");
            return target;
        }

        public override JsonObject Schema(T defaults)
        {
            JsonObject schema = shape.Schema();
            schema["description"] = Summary;
            if (get is not null && shape.Write(get(defaults)) is { } standard) schema["default"] = standard;
            return schema;
        }
    }
}
