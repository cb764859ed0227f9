using System.Globalization;
using System.Numerics;

namespace Countersign.Protocol.ToolCalls;

/// <summary>Reads one value in Python's syntax (https://docs.python.org/3/reference/expressions.html, the part that models write as literals and calls).
/// Executes nothing. Time is linear in the text; nesting is bounded.</summary>
internal ref struct PythonReader(ReadOnlySpan<char> text)
{
    private const int MaxDepth = 64;
    private const int MaxDigits = 4300; // CPython's own limit for integers in text

    private readonly ReadOnlySpan<char> text = text;
    private int depth;

    /// <summary>Where the next character is read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads the value that is the whole of <paramref name="text"/>; <c>null</c> where it is none.</summary>
    public static PythonValue? ReadWhole(ReadOnlySpan<char> text)
    {
        var reader = new PythonReader(text);
        if (reader.Read() is not { } first) return null;
        reader.SkipSpace();
        if (reader.Peek() != ',') return reader.Position == text.Length ? first : null;
        return reader.ReadBareTuple(first);
    }

    /// <summary>Reads a value, or <c>null</c> where none stands at <see cref="Position"/>.</summary>
    public PythonValue? Read()
    {
        if (depth >= MaxDepth) return null;
        depth++;
        SkipSpace();
        var value = ReadOne();
        depth--;
        return value;
    }

    private PythonValue? ReadOne()
    {
        char c = Peek();
        if (c is '[') return ReadSequence(']', PythonSequenceKind.List);
        if (c is '(') return ReadParenthesis();
        if (c is '{') return ReadBraces();
        if (PythonStringReader.StartsAt(text[Position..])) return ReadText();
        if (char.IsAsciiDigit(c) || c is '.' or '-' or '+') return ReadNumber();
        return char.IsLetter(c) || c == '_' ? ReadName() : null;
    }

    private PythonSequence? ReadBareTuple(PythonValue first)
    {
        List<PythonValue> items = [first];
        while (TryTake(','))
        {
            SkipSpace();
            if (Position == text.Length) break;
            if (Read() is not { } item) return null;
            items.Add(item);
        }

        return Position == text.Length ? new PythonSequence(PythonSequenceKind.Tuple, items) : null;
    }

    private PythonSequence? ReadSequence(char close, PythonSequenceKind kind)
    {
        Position++;
        return ReadItems([], close, kind);
    }

    private PythonSequence? ReadItems(List<PythonValue> items, char close, PythonSequenceKind kind)
    {
        while (!TryTake(close))
        {
            if (items.Count > 0 && !TryTake(',')) return null;
            if (TryTake(close)) break;
            if (Read() is not { } item) return null;
            items.Add(item);
        }

        return new PythonSequence(kind, items);
    }

    private PythonValue? ReadParenthesis()
    {
        int start = Position;
        if (ReadSequence(')', PythonSequenceKind.Tuple) is not { } tuple) return null;
        bool isTuple = tuple.Items.Count != 1 || text[start..(Position - 1)].TrimEnd().EndsWith(",");
        return isTuple ? tuple : tuple.Items[0];
    }

    private PythonValue? ReadBraces()
    {
        Position++;
        List<KeyValuePair<PythonValue, PythonValue>> items = [];
        while (!TryTake('}'))
        {
            if (items.Count > 0 && !TryTake(',')) return null;
            if (TryTake('}')) break;
            if (Read() is not { } key) return null;
            if (!TryTake(':')) return items.Count == 0 ? ReadItems([key], '}', PythonSequenceKind.Set) : null;

            if (Read() is not { } value) return null;
            items.Add(new(key, value));
        }

        return new PythonDictionary(items);
    }

    private PythonText? ReadText()
    {
        var whole = "";
        bool isBytes = false;
        do // adjacent strings are one
        {
            if (PythonStringReader.Read(text[Position..], out int length) is not { } part) return null;
            (whole, isBytes, Position) = (whole + part.Text, part.IsBytes, Position + length);
            SkipSpace();
        }
        while (PythonStringReader.StartsAt(text[Position..]));
        return new PythonText(whole, isBytes);
    }

    private PythonValue? ReadNumber()
    {
        bool negative = false;
        for (; Peek() is '-' or '+'; Position++) negative ^= Peek() == '-';
        SkipSpace();
        if (char.IsLetter(Peek())) return ReadName() is PythonFloat named ? new PythonFloat(negative ? -named.Value : named.Value) : null;
        int start = Position;
        while (char.IsAsciiLetterOrDigit(Peek()) || Peek() is '.' or '_' || (Peek() is '-' or '+' && text[Position - 1] is 'e' or 'E')) Position++;
        return NumberOf(text[start..Position].ToString().Replace("_", "", StringComparison.Ordinal), negative);
    }

    private static PythonValue? NumberOf(string digits, bool negative)
    {
        if (digits.Length is 0 or > MaxDigits) return null;
        if (digits.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0)
        {
            var integer = BigInteger.Parse(digits, CultureInfo.InvariantCulture);
            return new PythonInteger(negative ? -integer : integer);
        }

        const NumberStyles Style = NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        if (!double.TryParse(digits, Style, CultureInfo.InvariantCulture, out double number)) return null;
        return new PythonFloat(negative ? -number : number);
    }

    private PythonValue? ReadName()
    {
        int start = Position;
        while (char.IsLetterOrDigit(Peek()) || Peek() is '_' or '.') Position++;
        string name = text[start..Position].ToString();
        int end = Position;
        SkipSpace();
        if (Peek() == '(') return ReadCall(name);
        Position = end;
        return name switch
        {
            "True" => new PythonBoolean(true),
            "False" => new PythonBoolean(false),
            "None" => new PythonNone(),
            "inf" or "math.inf" => new PythonFloat(double.PositiveInfinity),
            "nan" or "math.nan" => new PythonFloat(double.NaN),
            _ => new PythonName(name),
        };
    }

    private PythonValue? ReadCall(string name)
    {
        Position++;
        List<PythonValue> positional = [];
        List<KeyValuePair<string, PythonValue>> keywords = [];
        while (!TryTake(')'))
        {
            if (positional.Count + keywords.Count > 0 && !TryTake(',')) return null;
            if (TryTake(')')) break;
            if (Read() is not { } value) return null;
            if (!TryTake('='))
            {
                positional.Add(value);
                continue;
            }

            if (value is not PythonName keyword || Read() is not { } argument) return null;
            keywords.Add(new(keyword.Name, argument));
        }

        if (name == "set" && positional.Count == 0) return new PythonSequence(PythonSequenceKind.Set, []);
        return new PythonCall(name, positional, keywords);
    }

    private readonly char Peek() => Position < text.Length ? text[Position] : '\0';

    private bool TryTake(char expected)
    {
        SkipSpace();
        if (Peek() != expected || Position == text.Length) return false;
        Position++;
        return true;
    }

    private void SkipSpace()
    {
        while (Position < text.Length && char.IsWhiteSpace(text[Position])) Position++;
    }
}
