using System.Globalization;
using System.Text;
using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Formatting;

/// <summary>Python's <c>'...'.format(...)</c>: fields <c>{name.attribute[key]!conversion:spec}</c>.</summary>
internal sealed class BraceFormat
{
    private readonly RenderContext context;
    private readonly StringValue format;
    private readonly Arguments arguments;
    private int automatic;

    private BraceFormat(RenderContext context, StringValue format, Arguments arguments) =>
        (this.context, this.format, this.arguments) = (context, format, arguments);

    public static StringValue Apply(RenderContext context, StringValue format, Arguments arguments) =>
        context.String(new BraceFormat(context, format, arguments).Run(format.Text, nested: false), format.IsMarkup);

    private string Run(string text, bool nested)
    {
        var result = new StringBuilder();
        for (int at = 0; at < text.Length;)
        {
            char here = text[at];
            bool isDoubled = at + 1 < text.Length && text[at + 1] == here;
            if (here is not ('{' or '}')) result.Append(text[at++]);
            else if (isDoubled && !nested) (_, at) = (result.Append(here), at + 2);
            else if (here == '}') throw TemplateException.Other("Single '}' encountered in format string");
            else at = AppendField(text, at + 1, result);
            if (here is '{' or '}') context.Budget.Text(result.Length);
        }

        return result.ToString();
    }

    /// <summary>Appends the field whose brace stands before <paramref name="at"/>, and returns the place behind it.</summary>
    private int AppendField(string text, int at, StringBuilder result)
    {
        int end = at;
        for (int depth = 1; ; end++)
        {
            if (end == text.Length) throw TemplateException.Other("expected '}' before end of string");
            if (text[end] == '{' && ++depth > 2) throw TemplateException.Other("Max string recursion exceeded");
            if (text[end] == '}' && --depth == 0) break;
        }

        result.Append(Field(text[at..end]));
        return end + 1;
    }

    private string Field(string field)
    {
        int colon = field.IndexOf(':');
        string spec = colon < 0 ? "" : field[(colon + 1)..];
        if (colon >= 0) field = field[..colon];
        int mark = field.IndexOf('!');
        char conversion = mark < 0 ? '\0' : mark + 2 == field.Length ? field[^1] : throw TemplateException.Other("expected ':' after conversion specifier");
        var value = Find(mark < 0 ? field : field[..mark]);
        value = conversion switch
        {
            '\0' => value,
            's' => new StringValue(context.TextOf(value)),
            'r' => new StringValue(context.ReprOf(value)),
            'a' => Ascii(value),
            _ => throw TemplateException.Other($"Unknown conversion specifier '{conversion}'"),
        };
        if (spec.Contains('{')) spec = Run(spec, nested: true);
        string text = FormatSpec.Parse(spec).Apply(context, value);
        return format.IsMarkup && value is not StringValue { IsMarkup: true } ? Markup.Escape(context, text) : text;
    }

    private StringValue Ascii(Value value)
    {
        var sink = new TextSink(context.Budget);
        PythonString.WriteRepr(context.TextOf(value), sink, asciiOnly: true);
        return value is StringValue ? new StringValue(sink.ToString()) : new StringValue(context.ReprOf(value));
    }

    private Value Find(string path)
    {
        int end = path.AsSpan().IndexOfAny('.', '[');
        var value = Argument(end < 0 ? path : path[..end]);
        while (end >= 0 && end < path.Length) value = Step(value, path, ref end);
        return value;
    }

    private Value Argument(string name)
    {
        if (name.Length == 0) name = automatic++.ToString(CultureInfo.InvariantCulture);
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return index < arguments.Positional.Length
                ? arguments.Positional[index]
                : throw TemplateException.Other($"Replacement index {index} out of range for positional args tuple");
        }

        foreach (var (argument, value) in arguments.Named)
        {
            if (argument == name) return value;
        }

        throw TemplateException.Other($"'{name}'");
    }

    private Value Step(Value owner, string path, ref int at)
    {
        bool isItem = path[at] == '[';
        int end = isItem ? path.IndexOf(']', at) : path.AsSpan(at + 1).IndexOfAny('.', '[') is var rest && rest >= 0 ? at + 1 + rest : path.Length;
        if (end < 0) throw TemplateException.Other("Missing ']' in format string");
        string name = path[(at + 1)..end];
        at = isItem ? end + 1 : end;
        Value key = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && isItem ? IntValue.Of(index) : new StringValue(name);
        return isItem
            ? ItemExpression.Get(context, owner, key)
            : owner.Attribute(name, context) ?? owner.Item(key, context) ?? UndefinedValue.Missing(owner, key);
    }
}
