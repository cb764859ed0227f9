using System.Buffers;
using System.Text.Json;
using System.Text;
using Countersign.Protocol.Wire.Json;

namespace Countersign.Cascade.Answers;

/// <summary>What was read from a text that should be JSON.</summary>
/// <param name="Value">The value; <c>null</c> where there is none.</param>
/// <param name="Mends">What had to be mended, each in a few words; empty where the text was JSON.</param>
/// <param name="Error">Why there is no value.</param>
public sealed record NearJsonReading(JsonElement? Value, IReadOnlyList<string> Mends, string? Error = null);

/// <summary>Reads JSON as models write it: in a code fence, with prose around it, trailing commas, comments, single quotes, Python's words, LaTeX backslashes,
/// raw line breaks and stray quotes in strings. What is missing is never made up, and what can be read in two ways is not guessed: a text that breaks off is an error,
/// a number with leading zeros, a string whose end is uncertain.</summary>
public static class NearJson
{
    /// <summary>How deep values may nest.</summary>
    public const int MaxDepth = 64;

    /// <summary>The mend that takes a value out of the text around it.</summary>
    public const string TextAround = "text around it left out";

    /// <summary>The mend that takes the first of several objects that follow each other.</summary>
    public const string OthersBehind = "objects behind it left out";

    private static readonly SearchValues<char> Letters = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    private const int MaxStarts = 16;

    /// <summary>Reads <paramref name="text"/> as it stands, without mending.</summary>
    public static NearJsonReading ReadStrict(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
            return JsonText.HasLoneSurrogate(Encoding.UTF8.GetBytes(text)) ? new NearJsonReading(null, [], HalfCharacters.Objection) : new NearJsonReading(document.RootElement.Clone(), []);
        }
        catch (ArgumentException) // half a surrogate pair, as it is
        {
            return new NearJsonReading(null, [], HalfCharacters.Objection);
        }
        catch (JsonException exception)
        {
            string place = exception.LineNumber is { } line ? $" at line {line + 1}, byte {exception.BytePositionInLine + 1}" : "";
            return new NearJsonReading(null, [], $"The answer is no JSON{place}.");
        }
    }

    /// <summary>Reads <paramref name="text"/>, mending what must be; JSON within it, in a code fence or in prose, is read as it stands. A text that begins with an object (or a code fence with one)
    /// is that object. Where objects or arrays stand in prose, the longest object counts, else the longest array; what stands within one that cannot be read does not.</summary>
    public static NearJsonReading Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var strict = ReadStrict(text);
        if (strict.Value is not null) return strict;
        var best = LeadingObject(text) is { } leading ? Best(text, [leading]) : Best(text, LeadingArray(text)) ?? Best(text, FencedStarts(text)) ?? Best(text, Starts(text));
        return best ?? strict with { Error = ReasonOf(text, strict.Error!) };
    }

    /// <summary>Whether <paramref name="text"/> is white space, or that and the opening of a code fence; <c>null</c>: so far, but not yet all of one.</summary>
    internal static bool? FenceOpening(string text)
    {
        string start = text.TrimStart();
        if (start.Length < 3) return "```".StartsWith(start, StringComparison.Ordinal) ? null : false;
        if (!start.StartsWith("```", StringComparison.Ordinal)) return false;
        int end = start.AsSpan(3).IndexOfAnyExcept(Letters);
        return end < 0 ? null : string.IsNullOrWhiteSpace(start[(3 + end)..]);
    }

    private static int? LeadingObject(string text)
    {
        int start = text.IndexOf('{', StringComparison.Ordinal);
        if (start < 0) return null;
        string before = text[..start];
        return string.IsNullOrWhiteSpace(before) || FenceOpening(before) == true || (FenceOpening(before) is null && before.TrimStart().Length >= 3) ? start : null;
    }

    private static int[] LeadingArray(string text) => text.AsSpan().TrimStart().StartsWith("[") ? [text.IndexOf('[', StringComparison.Ordinal)] : [];

    /// <summary>The longest object, else the longest array, of those that begin at <paramref name="starts"/> and do not stand within another.</summary>
    private static NearJsonReading? Best(string text, IEnumerable<int> starts)
    {
        NearJsonReading? best = null;
        (bool IsObject, int Length) bestRank = default;
        int end = 0, tried = 0;
        foreach (int start in starts)
        {
            if (start < end) continue;
            if (++tried > MaxStarts) break;
            if (ReadAt(text, start, out end) is not { } reading) continue;
            var rank = (text[start] == '{', end - start);
            if (rank.CompareTo(bestRank) > 0) (best, bestRank) = (reading, rank);
        }

        return best;
    }

    /// <summary>The value at <paramref name="start"/>, and where it, or the brackets that hold what cannot be read, end.</summary>
    private static NearJsonReading? ReadAt(string text, int start, out int end)
    {
        var reader = new NearJsonReader(text, start);
        if (!reader.TryReadStrict(out var value) && !reader.TryRead(out value))
        {
            end = Math.Max(AfterBrackets(text, start, skipTexts: true), AfterBrackets(text, start, skipTexts: false));
            return null;
        }

        end = reader.Position;
        if (text.AsSpan()[..start].ContainsAnyExcept(" \t\r\n") || text.AsSpan()[end..].ContainsAnyExcept(" \t\r\n")) reader.Mends.Add(TextAround);
        if (text[start] == '{' && text.AsSpan()[end..].TrimStart() is ['{', ..]) reader.Mends.Add(OthersBehind);
        return new NearJsonReading(value, [.. reader.Mends]);
    }

    private static int AfterBrackets(string text, int start, bool skipTexts)
    {
        char open = text[start], close = open == '{' ? '}' : ']';
        bool isText = false;
        for (int index = start, depth = 0; index < text.Length; index++)
        {
            char c = text[index];
            if (skipTexts && c == '\\') index++;
            else if (skipTexts && c == '"') isText = !isText;
            else if (!isText && (depth += c == open ? 1 : c == close ? -1 : 0) == 0) return index + 1;
        }

        return text.Length;
    }

    /// <summary>Where code fences open with an object or an array.</summary>
    private static IEnumerable<int> FencedStarts(string text)
    {
        for (int fence = text.IndexOf("```", StringComparison.Ordinal); fence >= 0; fence = text.IndexOf("```", fence + 3, StringComparison.Ordinal))
        {
            int start = fence + 3;
            while (start < text.Length && (char.IsWhiteSpace(text[start]) || char.IsAsciiLetterOrDigit(text[start]))) start++;
            if (start < text.Length && text[start] is '{' or '[') yield return start;
        }
    }

    private static IEnumerable<int> Starts(string text)
    {
        for (int start = text.AsSpan().IndexOfAny('{', '['); start < text.Length && start >= 0; start = text.AsSpan(start + 1).IndexOfAny('{', '[') is var next and >= 0 ? start + 1 + next : -1) yield return start;
    }

    private static string ReasonOf(string text, string strictError)
    {
        int start = text.AsSpan().IndexOfAny('{', '[');
        if (start < 0) return "The answer holds no JSON object or array.";
        var reader = new NearJsonReader(text, start);
        reader.TryRead(out _);
        return reader.Objection ?? (reader.Position >= text.Length ? "The JSON breaks off before it is complete." : strictError);
    }
}
