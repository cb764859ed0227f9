using System.Globalization;
using System.Text;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Formatting;

/// <summary>Texts as Python's <c>repr</c> and <c>ascii</c> write them.</summary>
internal static class PythonString
{
    public static void WriteRepr(string text, TextSink sink, bool asciiOnly = false)
    {
        char quote = text.Contains('\'') && !text.Contains('"') ? '"' : '\'';
        sink.Append(quote);
        foreach (var rune in text.EnumerateRunes()) WriteRune(rune, quote, sink, asciiOnly);
        sink.Append(quote);
    }

    private static void WriteRune(Rune rune, char quote, TextSink sink, bool asciiOnly)
    {
        switch (rune.Value)
        {
            case '\n': sink.Append("\\n"); break;
            case '\r': sink.Append("\\r"); break;
            case '\t': sink.Append("\\t"); break;
            case '\\': sink.Append("\\\\"); break;
            case var code when code == quote: sink.Append(['\\', quote]); break;
            case var code when IsPrintable(rune) && (code < 128 || !asciiOnly): sink.Append(rune.ToString()); break;
            case < 0x100: sink.Append($"\\x{rune.Value:x2}"); break;
            case < 0x10000: sink.Append($"\\u{rune.Value:x4}"); break;
            default: sink.Append($"\\U{rune.Value:x8}"); break;
        }
    }

    private static bool IsPrintable(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or
        UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator);
}
