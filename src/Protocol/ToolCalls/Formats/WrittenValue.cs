using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Makes JSON of a value written as bare text: <c>42</c> is a string or a number only by the tool's schema.</summary>
internal static class WrittenValue
{
    private static readonly SearchValues<char> MustEscape = SearchValues.Create(['"', '\\', .. Enumerable.Range(0, 32).Select(code => (char)code)]);

    /// <summary>The value as JSON text.</summary>
    /// <param name="text">The value as written.</param>
    /// <param name="types">The types that the schema allows; empty where it does not say.</param>
    /// <param name="isTextWhereUnknown">Whether a value of unknown type is a string; otherwise what looks like JSON is JSON.</param>
    public static string ToJson(string text, IReadOnlySet<string> types, bool isTextWhereUnknown)
    {
        if (IsText(types, isTextWhereUnknown)) return Quote(text);
        string bare = text.Trim();
        if (ArgumentsText.Parse(bare) is { } value && (types.Count == 0 || types.Any(type => Fits(value, type)))) return bare;
        if (types.Contains("boolean") && bool.TryParse(bare, out bool boolean)) return boolean ? "true" : "false";
        if (types.Contains("null") && bare is "None") return "null";
        if (types.Contains("object") || types.Contains("array")) return FromPython(bare) ?? Quote(text);
        return Quote(text);
    }

    /// <summary>Whether a value of these types can only be a string, so that it is certain before it ends.</summary>
    public static bool IsText(IReadOnlySet<string> types, bool isTextWhereUnknown) => types.Count == 0 ? isTextWhereUnknown : types.Count == 1 && types.Contains("string");

    /// <summary><paramref name="text"/> as a JSON string.</summary>
    public static string Quote(string text) => $"\"{Escape(text)}\"";

    /// <summary>The inside of a JSON string. Only what JSON demands is escaped.</summary>
    public static string Escape(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAny(MustEscape) < 0) return text.ToString();
        var escaped = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            if (c is '"' or '\\') escaped.Append('\\').Append(c);
            else if (c == '\n') escaped.Append("\\n");
            else if (c < ' ') escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else escaped.Append(c);
        }

        return escaped.ToString();
    }

    private static bool Fits(JsonElement value, string type) => value.ValueKind switch
    {
        JsonValueKind.String => type == "string",
        JsonValueKind.Number => type == "number" || (type == "integer" && !value.GetRawText().AsSpan().ContainsAny('.', 'e', 'E')),
        JsonValueKind.True or JsonValueKind.False => type == "boolean",
        JsonValueKind.Null => type == "null",
        JsonValueKind.Array => type == "array",
        _ => type == "object",
    };

    /// <summary>Some models write Python's literals; JSON was tried first.</summary>
    private static string? FromPython(string text)
    {
        var value = PythonReader.ReadWhole(text);
        if (value is not (PythonSequence or PythonDictionary)) return null;
        string? json = PythonJson.WriteObject([new("v", value)]);
        return json?["{\"v\":".Length..^1];
    }
}
