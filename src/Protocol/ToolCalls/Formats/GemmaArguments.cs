using System.Text;
using System.Text.Json;
using Countersign.Protocol.Chat;
using Countersign.Protocol.ToolCalls.Scanning;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Reads <c>call:NAME{key:value,..}</c> and writes the values as JSON.</summary>
internal ref struct GemmaArguments
{
    private const int MaxDepth = 64;
    private readonly ReadOnlySpan<char> text;
    private readonly string quote;
    private readonly Typing? typing;
    private readonly StringBuilder json = new();
    private int position, depth;

    private GemmaArguments(ReadOnlySpan<char> text, string quote, Typing? typing)
    {
        this.text = text;
        this.quote = quote;
        this.typing = typing;
    }

    /// <summary>The call; <c>null</c> where the text is none.</summary>
    public static (string Name, string Arguments)? ReadCall(string body, string quote, bool quotesAll, IReadOnlyList<ToolDefinition> tools)
    {
        const string Prefix = "call:";
        string bare = body.Trim();
        int brace = bare.IndexOf('{', StringComparison.Ordinal);
        if (!bare.StartsWith(Prefix, StringComparison.Ordinal) || brace <= Prefix.Length) return null;
        string name = bare[Prefix.Length..brace].Trim();
        var reader = new GemmaArguments(bare.AsSpan(brace), quote, quotesAll ? new Typing(ToolNames.Find(tools, name)) : null);
        bool isRead = reader.TryReadObject() && reader.position == reader.text.Length;
        return isRead ? (name, reader.json.ToString()) : null;
    }

    private bool TryReadObject()
    {
        if (!TryTake('{') || ++depth > MaxDepth) return false;
        json.Append('{');
        for (bool isFirst = true; !TryTake('}'); isFirst = false)
        {
            TryTake(','); // FunctionGemma leaves commas out.
            if (!isFirst) json.Append(", ");
            if (ReadKey() is not { } key) return false;
            json.Append(WrittenValue.Quote(key)).Append(": ");
            if (!TryReadValue(key)) return false;
        }

        json.Append('}');
        depth--;
        return true;
    }

    private string? ReadKey()
    {
        if (ReadQuoted() is { } quoted) return TryTake(':') ? quoted : null;
        int colon = text[position..].IndexOf(':');
        if (colon <= 0) return null;
        string key = text.Slice(position, colon).Trim().ToString();
        position += colon + 1;
        return key.Length > 0 && key.AsSpan().IndexOfAny("{}[],") < 0 ? key : null;
    }

    private bool TryReadValue(string? key)
    {
        SkipSpace();
        if (ReadQuoted() is { } quoted) return Write(typing is null ? WrittenValue.Quote(quoted) : typing.ToJson(key, quoted));
        if (Peek() == '{') return TryReadObject();
        return Peek() == '[' ? TryReadArray() : TryReadBare();
    }

    private bool TryReadArray()
    {
        if (!TryTake('[') || ++depth > MaxDepth) return false;
        json.Append('[');
        for (bool isFirst = true; !TryTake(']'); isFirst = false)
        {
            if (!isFirst && !TryTake(',')) return false;
            if (!isFirst) json.Append(", ");
            if (!TryReadValue(null)) return false;
        }

        json.Append(']');
        depth--;
        return true;
    }

    /// <summary>A number, a truth value or <c>null</c>; any other bare word is a string whose marks were left out.</summary>
    private bool TryReadBare()
    {
        int length = text[position..].IndexOfAny(",}]");
        if (length <= 0) return false;
        string bare = text.Slice(position, length).Trim().ToString();
        position += length;
        return Write(ArgumentsText.Parse(bare) is { ValueKind: not JsonValueKind.String } ? bare : WrittenValue.Quote(bare));
    }

    private string? ReadQuoted()
    {
        SkipSpace();
        var rest = text[position..];
        int end = rest.StartsWith(quote) ? rest[quote.Length..].IndexOf(quote) : -1;
        if (end < 0) return null;
        position += end + 2 * quote.Length;
        return rest.Slice(quote.Length, end).ToString();
    }

    private readonly bool Write(string value)
    {
        json.Append(value);
        return true;
    }

    private readonly char Peek() => position < text.Length ? text[position] : '\0';

    private bool TryTake(char expected)
    {
        SkipSpace();
        if (Peek() != expected) return false;
        position++;
        return true;
    }

    private void SkipSpace()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position])) position++;
    }

    /// <summary>Types values of which every one is quoted.</summary>
    private sealed class Typing(ToolDefinition? tool)
    {
        public string ToJson(string? key, string text) =>
            WrittenValue.ToJson(text, ParameterSchema.TypesOf(key is null ? null : ParameterSchema.Of(tool, key)), isTextWhereUnknown: false);
    }
}
