using System.Text.Json;
using Countersign.Protocol.Templates.Formatting;
using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary><c>tojson</c> as Hugging Face sets it up (Jinja's own escapes for HTML and sorts keys), and <c>from_json</c> where lenient.</summary>
internal static class JsonFilters
{
    private const int WidestIndent = 100;

    public static Function[] All { get; } =
    [
        new("tojson", "ensure_ascii? indent? separators? sort_keys?", (context, bound) => new StringValue(JsonText.Of(context, bound.Self, Style(context, bound)))),
        new("from_json", "", FromJson),
    ];

    private static JsonStyle Style(RenderContext context, Bound bound)
    {
        string? indent = !bound.Has(1) ? null
            : bound[1] is StringValue given ? given.Text
            : new string(' ', Math.Clamp(bound.Number(1), 0, WidestIndent));
        string items = indent is null ? ", " : ",", keys = ": ";
        if (bound.Has(2))
        {
            var pair = context.ItemsOf(bound[2]);
            if (pair.Count != 2 || pair[0] is not StringValue first || pair[1] is not StringValue second) throw TemplateException.Type("separators must be two texts");
            (items, keys) = (first.Text, second.Text);
        }

        return new JsonStyle(bound.Flag(0), indent, items, keys, bound.Flag(3));
    }

    private static Value FromJson(RenderContext context, Bound bound)
    {
        if (!context.Settings.Lenient) throw FilterTable.Unknown("from_json");
        string text = bound.Self is StringValue json ? json.Text : throw TemplateException.Type($"the JSON object must be str, not {bound.Self.TypeName}");
        try
        {
            using var document = JsonDocument.Parse(text);
            return JsonValues.Of(document.RootElement);
        }
        catch (JsonException)
        {
            throw TemplateException.Other("from_json was given a text that is not JSON");
        }
    }
}
