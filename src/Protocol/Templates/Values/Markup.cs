using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Values;

/// <summary>Escaping for HTML as MarkupSafe does it.</summary>
internal static class Markup
{
    /// <summary>The text of <paramref name="value"/>, escaped unless it is markup already.</summary>
    public static string Escape(RenderContext context, Value value)
    {
        string text = context.TextOf(value);
        return value is StringValue { IsMarkup: true } ? text : Escape(context, text);
    }

    public static string Escape(RenderContext context, string text)
    {
        if (text.AsSpan().IndexOfAny("&<>'\"") < 0) return text;
        context.Budget.Text(text.Length * 5L);
        return text.Replace("&", "&amp;").Replace("<", "&lt;").Replace(">", "&gt;").Replace("'", "&#39;").Replace("\"", "&#34;");
    }
}
