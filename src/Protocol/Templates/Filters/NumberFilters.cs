using System.Numerics;
using Countersign.Protocol.Templates.Formatting;
using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary>Filters about numbers.</summary>
internal static class NumberFilters
{
    public static Function[] All { get; } =
    [
        new("abs", "", (_, bound) => Absolute(bound.Self)),
        new("int", "default? base?", (context, bound) => ToInt(context, bound)),
        new("float", "default?", (context, bound) => ToFloat(context, bound)),
        new("round", "precision? method?", (_, bound) => Round(bound)),
        new("sum", "attribute? start?", Sum),
        new("filesizeformat", "binary?", (context, bound) => context.String(FileSize(ToDouble(context, bound.Self), bound.Flag(0)))),
    ];

    private static Value Absolute(Value value) => value switch
    {
        FloatValue number => new FloatValue(Math.Abs(number.Number)),
        IntValue or BoolValue => IntValue.Of(BigInteger.Abs(Arithmetic.ToInteger(value))),
        _ => throw TemplateException.Type($"bad operand type for abs(): '{value.TypeName}'"),
    };

    private static Value ToInt(RenderContext context, Bound bound)
    {
        var otherwise = bound.Values[0] ?? IntValue.Of(0);
        switch (bound.Self)
        {
            case UndefinedValue undefined: throw undefined.Error(context);
            case FloatValue number: return double.IsFinite(number.Number) ? Numbers.Truncate(number.Number) : otherwise;
            case IntValue or BoolValue: return IntValue.Of(Arithmetic.ToInteger(bound.Self));
            case StringValue text when Numbers.Integer(text.Text, bound.Number(1, 10)) is { } integer: return integer;
            case StringValue text when Numbers.Float(text.Text) is { } number && double.IsFinite(number): return Numbers.Truncate(number);
            default: return otherwise;
        }
    }

    private static Value ToFloat(RenderContext context, Bound bound)
    {
        if (bound.Self is UndefinedValue undefined) throw undefined.Error(context);
        if (Arithmetic.IsNumber(bound.Self)) return new FloatValue(Arithmetic.ToDouble(bound.Self));
        return bound.Self is StringValue text && Numbers.Float(text.Text) is { } number ? new FloatValue(number) : bound.Values[0] ?? new FloatValue(0);
    }

    private static Value Round(Bound bound)
    {
        string method = bound.Text(1, "common");
        if (method is not ("common" or "ceil" or "floor")) throw TemplateException.Other("method must be common, ceil or floor");
        if (!Arithmetic.IsNumber(bound.Self)) throw TemplateException.Type($"type {bound.Self.TypeName} doesn't define __round__ method");
        if (bound.Self is not FloatValue && method == "common") return IntValue.Of(Arithmetic.ToInteger(bound.Self));
        double number = Arithmetic.ToDouble(bound.Self), scale = Math.Pow(10, bound.Number(0, 0));
        return new FloatValue(method switch
        {
            "ceil" => Math.Ceiling(number * scale) / scale,
            "floor" => Math.Floor(number * scale) / scale,
            _ => RoundHalfEven(number, bound.Number(0, 0)),
        });
    }

    /// <summary>Through the exact decimal value, so that 2.345, which is a little more, goes up.</summary>
    private static double RoundHalfEven(double number, int digits)
    {
        if (digits is < 0 or > 300) return digits > 300 ? number : Math.Round(number / Math.Pow(10, -digits), MidpointRounding.ToEven) * Math.Pow(10, -digits);
        return digits == 0 ? Math.Round(number, MidpointRounding.ToEven) : double.Parse(number.ToString($"F{digits}", null), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static Value Sum(RenderContext context, Bound bound)
    {
        var total = bound.Values[1] ?? IntValue.Of(0);
        foreach (var item in context.ItemsOf(bound.Self))
        {
            var value = bound.Has(0) ? AttributePath.Get(context, item, bound[0]) : item;
            total = Arithmetic.Apply(context, "+", total, value);
        }

        return total;
    }

    private static double ToDouble(RenderContext context, Value value) => value switch
    {
        UndefinedValue undefined => throw undefined.Error(context),
        StringValue text => Numbers.Float(text.Text) ?? throw TemplateException.Other($"could not convert string to float: {context.ReprOf(value)}"),
        _ when Arithmetic.IsNumber(value) => Arithmetic.ToDouble(value),
        _ => throw TemplateException.Type($"float() argument must be a string or a real number, not '{value.TypeName}'"),
    };

    private static string FileSize(double bytes, bool isBinary)
    {
        int step = isBinary ? 1024 : 1000;
        if (bytes == 1) return "1 Byte";
        if (!(bytes >= step)) return $"{Math.Truncate(bytes)} Bytes";
        string[] units = isBinary ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
        int unit = 0;
        for (bytes /= step; bytes >= step && unit < units.Length - 1; bytes /= step) unit++;
        return $"{bytes:F1} {units[unit]}";
    }
}
