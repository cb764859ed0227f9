using System.Buffers;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Formatting;

/// <summary>A text as JSON, escaped no more than Python's <c>json</c> does.</summary>
internal static class JsonString
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, 32).Select(code => (char)code), '"', '\\']);
    private static readonly SearchValues<char> EscapedOrNotAscii =
        SearchValues.Create([.. Enumerable.Range(0, 32).Select(code => (char)code), '"', '\\', .. Enumerable.Range(127, 65536 - 127).Select(code => (char)code)]);

    public static void Write(string text, TextSink sink, bool ensureAscii)
    {
        var escaped = ensureAscii ? EscapedOrNotAscii : Escaped;
        var rest = text.AsSpan();
        sink.Append('"');
        while (rest.IndexOfAny(escaped) is var at && at >= 0)
        {
            sink.Append(rest[..at]);
            sink.Append(Escape(rest[at]));
            rest = rest[(at + 1)..];
        }

        sink.Append(rest);
        sink.Append('"');
    }

    private static string Escape(char character) => character switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\f' => "\\f",
        '\b' => "\\b",
        _ => $"\\u{(int)character:x4}",
    };
}
