namespace Countersign.Protocol.ToolCalls.Scanning;

/// <summary>Finds, piece by piece, where a bracketed value ends: brackets of every kind nest, and those inside strings do not count.</summary>
/// <param name="quotes">The characters that open and close strings.</param>
internal struct NestedSpan(string quotes)
{
    private readonly string quotes = quotes;
    private int depth;
    private char quote;
    private bool isEscaped;

    /// <summary>Whether the value has ended.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Whether the next character stands in a string.</summary>
    public readonly bool IsInString => quote != '\0';

    /// <summary>Reads on.</summary>
    /// <param name="text">The text after what was read before.</param>
    /// <param name="stop">A mark that cannot stand in the value outside a string; where it does, the value is broken and reading stops before it.</param>
    /// <returns>How much of the text belongs to the value.</returns>
    public int Read(ReadOnlySpan<char> text, string? stop = null)
    {
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (IsInString) ReadInString(c);
            else if (quotes.Contains(c)) quote = c;
            else if (c is '{' or '[' or '(') depth++;
            else if (c is '}' or ']' or ')' && --depth <= 0) return Close(i + 1);
            else if (stop is not null && c == stop[0] && stop.AsSpan().StartsWith(text[i..Math.Min(text.Length, i + stop.Length)])) return i;
        }

        return text.Length;
    }

    private int Close(int length)
    {
        IsClosed = true;
        return length;
    }

    private void ReadInString(char c)
    {
        if (isEscaped) isEscaped = false;
        else if (c == '\\') isEscaped = true;
        else if (c == quote) quote = '\0';
    }
}
