using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Countersign.Protocol.Templates.Values;

/// <summary>JSON as values. A number keeps its kind: 3.0 is a float, 3 an integer of any size; keys keep their order.</summary>
internal static class JsonValues
{
    public static Value Of(JsonElement json)
    {
        try
        {
            return Read(json);
        }
        catch (InvalidOperationException)
        {
            throw TemplateException.Other("a JSON text holds half of a surrogate pair");
        }
    }

    private static Value Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Object => OfObject(json),
        JsonValueKind.Array => new ListValue([.. json.EnumerateArray().Select(Read)]),
        JsonValueKind.String => new StringValue(json.GetString()!),
        JsonValueKind.Number => OfNumber(json),
        JsonValueKind.True => BoolValue.True,
        JsonValueKind.False => BoolValue.False,
        _ => NoneValue.Instance,
    };

    private static DictValue OfObject(JsonElement json)
    {
        var dict = new DictValue();
        foreach (var property in json.EnumerateObject()) dict.Set(property.Name, Read(property.Value));
        return dict;
    }

    private static Value OfNumber(JsonElement json)
    {
        if (json.TryGetInt64(out long number)) return IntValue.Of(number);
        string text = json.GetRawText();
        return text.AsSpan().IndexOfAny('.', 'e', 'E') < 0
            ? IntValue.Of(BigInteger.Parse(text, CultureInfo.InvariantCulture))
            : new FloatValue(double.Parse(text, CultureInfo.InvariantCulture));
    }
}
