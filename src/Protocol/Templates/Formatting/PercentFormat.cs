using System.Text;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Formatting;

/// <summary>Python's <c>'...' % values</c>.</summary>
internal sealed class PercentFormat
{
    private readonly RenderContext context;
    private readonly string format;
    private readonly bool isMarkup;
    private readonly DictValue? named;
    private readonly bool mustUseAll;
    private readonly List<Value> values;
    private readonly StringBuilder result = new();
    private int next;
    private int at;

    private PercentFormat(RenderContext context, StringValue format, Value right)
    {
        (this.context, this.format, isMarkup) = (context, format.Text, format.IsMarkup);
        named = right as DictValue;
        mustUseAll = right is not (DictValue or ListValue or RangeValue); // Python takes whatever has items for a mapping
        values = right is TupleValue tuple ? tuple.Items : [right];
    }

    public static StringValue Apply(RenderContext context, StringValue format, Value right)
    {
        var formatting = new PercentFormat(context, format, right);
        formatting.Run();
        return context.String(formatting.result.ToString(), format.IsMarkup);
    }

    private void Run()
    {
        while (format.IndexOf('%', at) is var percent && percent >= 0)
        {
            result.Append(format, at, percent - at);
            at = percent + 1;
            AppendField();
            context.Budget.Text(result.Length);
        }

        result.Append(format, at, format.Length - at);
        if (next < values.Count && mustUseAll) throw TemplateException.Type("not all arguments converted during string formatting");
    }

    private void AppendField()
    {
        var key = Peek() == '(' ? ReadKey() : null;
        var spec = ReadSpec();
        char type = Take();
        if (type == '%') result.Append('%');
        else result.Append(Convert(spec with { Type = type }, key ?? TakeValue()));
    }

    private FormatSpec ReadSpec()
    {
        var spec = new FormatSpec();
        for (; Peek() is '-' or '+' or ' ' or '0' or '#'; at++) spec = WithFlag(spec, format[at]);
        spec = spec with { Width = ReadSize() ?? 0 };
        if (Peek() == '.')
        {
            at++;
            spec = spec with { Precision = ReadSize() ?? 0 };
        }

        return spec;
    }

    private static FormatSpec WithFlag(FormatSpec spec, char flag) => flag switch
    {
        '-' => spec with { Align = '<', Fill = ' ' },
        '0' when spec.Align != '<' => spec with { Align = '=', Fill = '0' },
        '#' => spec with { IsAlternate = true },
        '+' or ' ' => spec with { Sign = flag },
        _ => spec,
    };

    private int? ReadSize()
    {
        int start = at;
        while (char.IsAsciiDigit(Peek())) at++;
        return at > start ? FormatSpec.ReadSize(format.AsSpan(start, at - start)) : null;
    }

    private string Convert(FormatSpec spec, Value value)
    {
        switch (spec.Type)
        {
            case 's': return WithSide(spec).Text(isMarkup ? Markup.Escape(context, value) : context.TextOf(value));
            case 'r': return WithSide(spec).Text(context.ReprOf(value));
            case 'd' or 'i' or 'u' or 'x' or 'X' or 'o' or 'c' or 'e' or 'E' or 'f' or 'F' or 'g' or 'G':
                if (!Arithmetic.IsNumber(value)) throw TemplateException.Type($"%{spec.Type} format: a real number is required, not {value.TypeName}");
                bool isWhole = spec.Type is 'd' or 'i' or 'u';
                return (isWhole ? spec with { Type = 'd' } : spec).Number(isWhole && value is FloatValue number ? Numbers.Truncate(number.Number) : value);
            default: throw TemplateException.Other($"unsupported format character '{spec.Type}'");
        }
    }

    /// <summary>Texts stand at the right of their field here, unlike in <c>format</c>, and are never filled with zeros.</summary>
    private static FormatSpec WithSide(FormatSpec spec) => spec.Align == '<' ? spec : spec with { Align = '>', Fill = ' ' };

    private Value ReadKey()
    {
        int end = format.IndexOf(')', at);
        if (end < 0) throw TemplateException.Other("incomplete format key");
        string key = format[(at + 1)..end];
        at = end + 1;
        if (named is null) throw TemplateException.Type("format requires a mapping");
        return named.Find(new StringValue(key)) ?? throw TemplateException.Other($"'{key}'");
    }

    private Value TakeValue() => next < values.Count ? values[next++] : throw TemplateException.Type("not enough arguments for format string");

    private char Peek() => at < format.Length ? format[at] : '\0';

    private char Take() => at < format.Length ? format[at++] : throw TemplateException.Other("incomplete format");
}
