using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Countersign.Cascade.Answers;

/// <summary>Reads one object or array of near-JSON and writes it as JSON. Linear in the text but for a bounded look-ahead at quotes.</summary>
internal sealed class NearJsonReader(string text, int start)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = NearJson.MaxDepth };

    private readonly ArrayBufferWriter<byte> buffer = new();
    private int depth;

    /// <summary>Where the next character is read; after a success, the end of the value.</summary>
    public int Position { get; private set; } = start;

    /// <summary>What was mended.</summary>
    public SortedSet<string> Mends { get; } = new(StringComparer.Ordinal);

    /// <summary>Reads the value.</summary>
    public bool TryRead(out JsonElement value)
    {
        value = default;
        using var writer = new Utf8JsonWriter(buffer, Relaxed);
        if (!TryReadValue(writer, NearJsonString.Place.Top)) return false;
        writer.Flush();
        using var document = JsonDocument.Parse(buffer.WrittenMemory, new JsonDocumentOptions { MaxDepth = NearJson.MaxDepth });
        value = document.RootElement.Clone();
        return true;
    }

    private bool TryReadValue(Utf8JsonWriter writer, NearJsonString.Place place)
    {
        SkipSpace();
        if (Position >= text.Length) return false;
        switch (text[Position])
        {
            case '{': return TryNest(writer, TryReadObject);
            case '[': return TryNest(writer, TryReadArray);
            case '"' or '\'' or '“':
                if (NearJsonString.Read(text, Position, place, Mends, out int end) is not { } content) return BreakOff();
                Position = end;
                writer.WriteStringValue(content);
                return true;
            default: return TryReadWord(writer);
        }
    }

    private bool TryNest(Utf8JsonWriter writer, Func<Utf8JsonWriter, bool> read)
    {
        if (depth >= NearJson.MaxDepth - 1) return false;
        depth++;
        Position++;
        bool done = read(writer);
        depth--;
        return done;
    }

    private bool TryReadObject(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        for (bool first = true; !TryTake('}'); first = false)
        {
            if (!first && !TryReadComma('}')) return false;
            if (TryTake('}')) break;
            if (ReadKey() is not { } key || !TryTake(':')) return false;
            writer.WritePropertyName(key);
            if (!TryReadValue(writer, NearJsonString.Place.Member)) return false;
        }

        writer.WriteEndObject();
        return true;
    }

    private bool TryReadArray(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        for (bool first = true; !TryTake(']'); first = false)
        {
            if (!first && !TryReadComma(']')) return false;
            if (TryTake(']')) break;
            if (!TryReadValue(writer, NearJsonString.Place.Item)) return false;
        }

        writer.WriteEndArray();
        return true;
    }

    private bool TryReadComma(char close)
    {
        if (!TryTake(','))
        {
            if (Position >= text.Length) return false;
            Mends.Add("missing comma added");
        }
        else if (SkipSpace() == close)
        {
            Mends.Add("trailing comma removed");
        }

        return true;
    }

    private string? ReadKey()
    {
        char c = SkipSpace();
        if (c is '"' or '\'' or '“')
        {
            string? quoted = NearJsonString.Read(text, Position, NearJsonString.Place.Key, Mends, out int end);
            Position = quoted is null ? text.Length : end;
            return quoted;
        }

        string word = TakeWord();
        if (word.Length == 0 || char.IsAsciiDigit(word[0])) return null;
        Mends.Add("quotes added to keys");
        return word;
    }

    private bool TryReadWord(Utf8JsonWriter writer)
    {
        string word = TakeWord();
        switch (word)
        {
            case "true" or "True": writer.WriteBooleanValue(true); break;
            case "false" or "False": writer.WriteBooleanValue(false); break;
            case "null" or "None" or "undefined": writer.WriteNullValue(); break;
            default: return TryWriteNumber(writer, word);
        }

        if (word is "True" or "False" or "None" or "undefined") Mends.Add($"{word} written as JSON");
        return true;
    }

    private bool TryWriteNumber(Utf8JsonWriter writer, string word)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!word.AsSpan().ContainsAnyInRange('0', '9') || !double.TryParse(word, Style, CultureInfo.InvariantCulture, out _)) return false;
        string strict = Strict(word);
        if (strict != word) Mends.Add("a number written as JSON");
        writer.WriteRawValue(strict, skipInputValidation: false);
        return true;
    }

    /// <summary>The number in JSON's grammar: no plus sign, no leading zeros, digits around the point.</summary>
    private static string Strict(string word)
    {
        string sign = word[0] == '-' ? "-" : "";
        string digits = word.TrimStart('+', '-');
        int wholeEnd = digits.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : digits.Length;
        string whole = digits[..wholeEnd].TrimStart('0');
        string rest = digits[wholeEnd..];
        if (rest.StartsWith('.') && (rest.Length == 1 || !char.IsAsciiDigit(rest[1]))) rest = rest[1..];
        return sign + (whole.Length == 0 ? "0" : whole) + rest;
    }

    private string TakeWord()
    {
        int from = Position;
        while (Position < text.Length && (char.IsLetterOrDigit(text[Position]) || text[Position] is '_' or '-' or '+' or '.' or '$')) Position++;
        return text[from..Position];
    }

    private bool BreakOff()
    {
        Position = text.Length;
        return false;
    }

    private bool TryTake(char expected)
    {
        if (SkipSpace() != expected) return false;
        Position++;
        return true;
    }

    /// <summary>Skips space and comments; returns the character after them, or NUL at the end.</summary>
    private char SkipSpace()
    {
        int next = NearJsonString.AfterSpace(text, Position, out bool hadComment);
        if (hadComment) Mends.Add("comments removed");
        Position = next;
        return next < text.Length ? text[next] : '\0';
    }
}
