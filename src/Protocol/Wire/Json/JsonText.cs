using System.Globalization;
using System.Text;
using System.Text.Json;
using Countersign.Protocol.Problems;

namespace Countersign.Protocol.Wire.Json;

/// <summary>Checks of JSON text that <see cref="Utf8JsonReader"/> leaves to whoever takes the strings out.</summary>
public static class JsonText
{
    /// <summary>Whether an escaped string has half of a surrogate pair (<c>\ud83d</c> without its partner), which is no text.</summary>
    /// <param name="raw">The string as written, or a whole JSON text with its strings; its escapes are well formed.</param>
    public static bool HasLoneSurrogate(ReadOnlySpan<byte> raw)
    {
        while (raw.IndexOf((byte)'\\') is >= 0 and var at)
        {
            raw = raw[(at + 1)..];
            if (raw[0] != 'u')
            {
                raw = raw[1..]; // The escaped letter, which may be a backslash.
                continue;
            }

            char unit = TakeUnit(ref raw);
            if (!char.IsSurrogate(unit)) continue;
            if (char.IsLowSurrogate(unit) || !raw.StartsWith("\\u"u8)) return true;
            raw = raw[1..];
            if (!char.IsLowSurrogate(TakeUnit(ref raw))) return true;
        }

        return false;
    }

    /// <summary>The text of an escaped string that may hold half surrogate pairs: each becomes U+FFFD.</summary>
    /// <param name="raw">The string as written, between its quotes; its escapes are well formed.</param>
    public static string Unescape(ReadOnlySpan<char> raw)
    {
        var text = new StringBuilder(raw.Length);
        for (int at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '\\')
            {
                text.Append(raw[at]);
                continue;
            }

            char escape = raw[++at];
            text.Append(escape switch
            {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\b',
                'f' => '\f',
                'u' => (char)int.Parse(raw.Slice(at + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                _ => escape,
            });
            if (escape == 'u') at += 4;
        }

        return Encoding.Unicode.GetString(Encoding.Unicode.GetBytes(text.ToString()));
    }

    /// <summary>Takes <c>u</c> and four hexadecimal digits off.</summary>
    private static char TakeUnit(ref ReadOnlySpan<byte> escape)
    {
        var digits = escape[1..5];
        escape = escape[5..];
        return (char)int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
    }

    /// <summary>The complaint about a body that is no text.</summary>
    public static ProblemException NotUtf8() => ProblemException.Invalid("The body is not valid UTF-8.");

    /// <summary>The complaint about a body that is no JSON. Says where, never what: the body stays out of messages.</summary>
    public static ProblemException NotJson(JsonException e, string also = "") => new(
        new Problem(ProblemKind.InvalidRequest, $"The body is not valid JSON{also}, or is nested deeper than {WireLimits.Depth} levels: see line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}."), e);
}
