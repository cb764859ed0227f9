using System.Globalization;
using Countersign.Protocol.Templates.Filters;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Formatting;

/// <summary>How Python's <c>json.dumps</c> is asked to write.</summary>
/// <param name="EnsureAscii">Whether everything beyond ASCII is escaped.</param>
/// <param name="Indent">What one level is indented by; <c>null</c> for one line.</param>
/// <param name="ItemSeparator">Between items.</param>
/// <param name="KeySeparator">Between key and value.</param>
/// <param name="SortKeys">Whether keys are sorted.</param>
internal sealed record JsonStyle(bool EnsureAscii, string? Indent, string ItemSeparator, string KeySeparator, bool SortKeys);

/// <summary>Writes values as Python's <c>json.dumps</c> does, byte for byte.</summary>
internal sealed class JsonText(RenderContext context, JsonStyle style)
{
    private readonly TextSink sink = new(context.Budget);

    public static string Of(RenderContext context, Value value, JsonStyle style)
    {
        var json = new JsonText(context, style);
        json.Write(value, 0);
        return json.sink.ToString();
    }

    private void Write(Value value, int depth)
    {
        sink.Nest();
        switch (value)
        {
            case StringValue text: JsonString.Write(text.Text, sink, style.EnsureAscii); break;
            case BoolValue or NoneValue or IntValue or FloatValue: sink.Append(Scalar(value)); break;
            case ListValue list: WriteItems(list.Items, depth); break;
            case TupleValue tuple: WriteItems(tuple.Items, depth); break;
            case DictValue dict: WriteDict(dict, depth); break;
            case LazyValue lazy when context.Settings.Lenient: WriteItems(context.ItemsOf(lazy), depth); break;
            default: throw TemplateException.Type($"Object of type {value.TypeName} is not JSON serializable");
        }
    }

    private static string Scalar(Value value) => value switch
    {
        BoolValue => value.IsTrue ? "true" : "false",
        IntValue number => number.Number.ToString(CultureInfo.InvariantCulture),
        FloatValue number => PythonFloat.Json(number.Number),
        StringValue text => text.Text,
        _ => "null",
    };

    private void WriteItems(List<Value> items, int depth)
    {
        if (items.Count == 0)
        {
            sink.Append("[]");
            return;
        }

        sink.Append('[');
        for (int i = 0; i < items.Count; i++)
        {
            Separate(i > 0, depth + 1);
            Write(items[i], depth + 1);
        }

        Close(']', depth);
    }

    private void WriteDict(DictValue dict, int depth)
    {
        if (dict.Entries.Count == 0)
        {
            sink.Append("{}");
            return;
        }

        sink.Append('{');
        bool more = false;
        IEnumerable<KeyValuePair<Value, Value>> entries = style.SortKeys ? Sorted(dict) : dict.Entries;
        foreach (var (key, value) in entries)
        {
            Separate(more, depth + 1);
            more = true;
            JsonString.Write(Scalar(key), sink, style.EnsureAscii);
            sink.Append(style.KeySeparator);
            Write(value, depth + 1);
        }

        Close('}', depth);
    }

    private List<KeyValuePair<Value, Value>> Sorted(DictValue dict) =>
        Sorting.Sort(context, dict.Entries, entry => entry.Key, caseSensitive: true, reverse: false);

    private void Separate(bool more, int depth)
    {
        if (more) sink.Append(style.ItemSeparator);
        NewLine(depth);
    }

    private void Close(char bracket, int depth)
    {
        NewLine(depth);
        sink.Append(bracket);
    }

    private void NewLine(int depth)
    {
        if (style.Indent is null) return;
        sink.Append('\n');
        for (int i = 0; i < depth; i++) sink.Append(style.Indent);
    }
}
