using Countersign.Protocol.Templates.Methods;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>A dict, in the order in which its keys came. Keys are texts, numbers, booleans or None; 1, 1.0 and true are one key, as in Python.</summary>
internal sealed class DictValue : Value
{
    public OrderedDictionary<Value, Value> Entries { get; } = new(KeyComparer.Instance);

    public override string TypeName => "dict";
    public override bool IsTrue => Entries.Count > 0;
    public override int? Length => Entries.Count;
    public override bool IsIterable => true;

    public override IEnumerable<Value> Iterate() => Entries.Keys;

    public Value? Find(Value key) => KeyComparer.IsKey(key) && Entries.TryGetValue(key, out var value) ? value : null;

    public void Set(Value key, Value value)
    {
        if (!KeyComparer.IsKey(key)) throw TemplateException.Type($"a key must be a text, number, boolean or None, not '{key.TypeName}'");
        Entries[key] = value;
    }

    public void Set(string key, Value value) => Entries[new StringValue(key)] = value;

    public override void WriteRepr(TextSink sink)
    {
        sink.Append('{');
        bool first = true;
        foreach (var (key, value) in Entries)
        {
            sink.Nest();
            if (!first) sink.Append(", ");
            first = false;
            key.WriteRepr(sink);
            sink.Append(": ");
            value.WriteRepr(sink);
        }

        sink.Append('}');
    }

    public override Value? Attribute(string name, RenderContext context) => DictMethods.Of(this, name, context);

    public override Value? Item(Value key, RenderContext context) => Find(key);
}

/// <summary>What <c>items()</c>, <c>keys()</c> and <c>values()</c> give.</summary>
internal sealed class DictViewValue(string kind, DictValue dict) : Value
{
    public override string TypeName => $"dict_{kind}";
    public override int? Length => dict.Length;
    public override bool IsTrue => dict.IsTrue;
    public override bool IsIterable => true;

    public override IEnumerable<Value> Iterate() => kind switch
    {
        "keys" => dict.Entries.Keys,
        "values" => dict.Entries.Values,
        _ => dict.Entries.Select(Pair),
    };

    public override void WriteRepr(TextSink sink)
    {
        sink.Append($"dict_{kind}(");
        ReprOfItems.Write(sink, '[', [.. Iterate()], ']');
        sink.Append(')');
    }

    public static Value Pair(KeyValuePair<Value, Value> entry) => new TupleValue([entry.Key, entry.Value]);
}
