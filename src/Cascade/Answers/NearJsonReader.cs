using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Cascade.Answers;

/// <summary>Reads one object or array of near-JSON and writes it as JSON. Linear in the text but for a bounded look-ahead at quotes.</summary>
internal sealed class NearJsonReader(string text, int start)
{
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = NearJson.MaxDepth };

    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> buffer = new();
    private readonly NearJsonString strings = new(text, start);
    private int depth;

    /// <summary>Where the next character is read; after a success, the end of the value.</summary>
    public int Position { get; private set; } = start;

    /// <summary>What was mended.</summary>
    public SortedSet<string> Mends => strings.Mends;

    /// <summary>Why the value is not guessed, where it can be read in two ways.</summary>
    public string? Objection { get; private set; }

    /// <summary>Reads the value as it stands, if it is JSON; what follows it is left alone.</summary>
    public bool TryReadStrict(out JsonElement value)
    {
        value = default;
        try
        {
            byte[] json = Utf8.GetBytes(text[Position..]);
            var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = NearJson.MaxDepth });
            using var document = JsonDocument.ParseValue(ref reader);
            int length = (int)reader.BytesConsumed;
            if (JsonText.HasLoneSurrogate(json.AsSpan(0, length))) return false;
            value = document.RootElement.Clone();
            Position += Utf8.GetCharCount(json, 0, length);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or EncoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Reads the value, mending it.</summary>
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
                if (ReadString(place) is not { } content) return false;
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
            // "1 250" may be one number.
            if (close == ']' && text[Position] is not ('{' or '[')) return Object("In an array a comma is missing between two values.");
            Mends.Add("missing comma added");
        }
        else if (SkipSpace() == close)
        {
            Mends.Add("trailing comma removed");
        }

        return true;
    }

    private string? ReadString(NearJsonString.Place place)
    {
        string? content = strings.Read(Position, place, out int end);
        Objection ??= strings.Objection;
        Position = end;
        return content;
    }

    private string? ReadKey()
    {
        char c = SkipSpace();
        if (c is '"' or '\'' or '“')
        {
            return ReadString(NearJsonString.Place.Key);
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
        string digits = word.TrimStart('+', '-');
        // "1,000" in an array is one number or two, "01234" a number or a code.
        if (digits is ['0', >= '0' and <= '9', ..]) return Object($"{word} is no number of JSON: it begins with a zero.");
        string strict = Strict(word);
        if (strict != word) Mends.Add("a number written as JSON");
        writer.WriteRawValue(strict, skipInputValidation: false);
        return true;
    }

    /// <summary>The number in JSON's grammar: no plus sign, digits around the point.</summary>
    private static string Strict(string word)
    {
        string sign = word[0] == '-' ? "-" : "";
        string digits = word.TrimStart('+', '-');
        int wholeEnd = digits.AsSpan().IndexOfAnyExceptInRange('0', '9') is var end and >= 0 ? end : digits.Length;
        string whole = digits[..wholeEnd];
        string rest = digits[wholeEnd..];
        if (rest.StartsWith('.') && (rest.Length == 1 || !char.IsAsciiDigit(rest[1]))) rest = rest[1..];
        return sign + (whole.Length == 0 ? "0" : whole) + rest;
    }

    private bool Object(string why)
    {
        Objection ??= why;
        return false;
    }

    private string TakeWord()
    {
        int from = Position;
        while (Position < text.Length && (char.IsLetterOrDigit(text[Position]) || text[Position] is '_' or '-' or '+' or '.' or '$')) Position++;
        return text[from..Position];
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
