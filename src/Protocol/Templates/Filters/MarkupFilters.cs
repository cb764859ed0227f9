using System.Text;
using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Methods;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary>Filters about HTML and addresses.</summary>
internal static class MarkupFilters
{
    public static Function[] All { get; } =
    [
        new("safe", "", (context, bound) => new StringValue(context.TextOf(bound.Self), true)),
        new("escape", "", Escape),
        new("e", "", Escape),
        new("forceescape", "", (context, bound) => new StringValue(Markup.Escape(context, context.TextOf(bound.Self)), true)),
        new("striptags", "", (context, bound) => context.String(StripTags(context.TextOf(bound.Self)))),
        new("urlencode", "", UrlEncode),
        new("xmlattr", "autospace?", XmlAttributes),
    ];

    private static StringValue Escape(RenderContext context, Bound bound) => new(Markup.Escape(context, bound.Self), true);

    private static string StripTags(string text)
    {
        for (int open = text.IndexOf("<!--", StringComparison.Ordinal); open >= 0; open = text.IndexOf("<!--", open, StringComparison.Ordinal))
        {
            int end = text.IndexOf("-->", open, StringComparison.Ordinal);
            if (end < 0) break;
            text = text.Remove(open, end + 3 - open);
        }

        var kept = new StringBuilder(text.Length);
        int at = 0;
        while (text.IndexOf('<', at) is var tag && tag >= 0 && text.IndexOf('>', tag) is var close && close >= 0)
        {
            kept.Append(text, at, tag - at);
            at = close + 1;
        }

        kept.Append(text, at, text.Length - at);
        string plain = string.Join(' ', Splitting.Words(kept.ToString(), -1));
        return plain.Replace("&lt;", "<").Replace("&gt;", ">").Replace("&#34;", "\"").Replace("&quot;", "\"").Replace("&#39;", "'").Replace("&amp;", "&");
    }

    private static StringValue UrlEncode(RenderContext context, Bound bound)
    {
        if (bound.Self is StringValue || !bound.Self.IsIterable) return context.String(Quote(context.TextOf(bound.Self), isQuery: false));
        var pairs = bound.Self is DictValue dict ? [.. dict.Entries.Select(DictViewValue.Pair)] : context.ItemsOf(bound.Self);
        return context.String(string.Join('&', pairs.Select(pair => EncodePair(context, pair))));
    }

    private static string EncodePair(RenderContext context, Value pair)
    {
        var parts = context.ItemsOf(pair);
        if (parts.Count != 2) throw TemplateException.Other("urlencode takes pairs of key and value");
        return Quote(context.TextOf(parts[0]), isQuery: true) + "=" + Quote(context.TextOf(parts[1]), isQuery: true);
    }

    private static string Quote(string text, bool isQuery)
    {
        string quoted = Uri.EscapeDataString(text);
        return isQuery ? quoted.Replace("%20", "+") : quoted.Replace("%2F", "/");
    }

    private static StringValue XmlAttributes(RenderContext context, Bound bound)
    {
        if (bound.Self is not DictValue dict) throw TemplateException.Type("xmlattr takes a dict");
        var shown = dict.Entries.Where(entry => entry.Value is not (NoneValue or UndefinedValue)).ToList();
        var written = shown.Select(entry => $"{Markup.Escape(context, entry.Key)}=\"{Markup.Escape(context, entry.Value)}\"");
        string text = string.Join(' ', written);
        return context.String(text.Length > 0 && bound.Flag(0, true) ? " " + text : text);
    }
}
