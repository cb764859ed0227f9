using System.Globalization;
using System.Text;

namespace Countersign.Engine.Sampling.Grammar;

/// <summary>The text of a grammar, and how far it is read.</summary>
internal sealed class GbnfText
{
    private readonly string _text;
    private int _at;

    public GbnfText(string text)
    {
        if (text.Length > GrammarLimits.TextLength) throw GrammarLimits.TooLarge($"its text has more than {GrammarLimits.TextLength} characters");
        _text = text;
    }

    public bool AtEnd => _at >= _text.Length;

    /// <summary>The next character, or NUL at the end.</summary>
    public char Current => AtEnd ? '\0' : _text[_at];

    public bool AtName => char.IsAsciiLetterOrDigit(Current) || Current == '-';

    public EngineException Error(string what)
    {
        int line = 1 + _text.AsSpan(0, _at).Count('\n'), column = _at - (_at == 0 ? -1 : _text.LastIndexOf('\n', _at - 1));
        return GrammarLimits.Invalid($"Grammar, line {line}, column {column}: {what}.");
    }

    public void Take() => _at++;

    public bool TryTake(string expected)
    {
        if (!_text.AsSpan(_at).StartsWith(expected, StringComparison.Ordinal)) return false;
        _at += expected.Length;
        return true;
    }

    /// <summary>Takes a bar, even where it stands on a later line.</summary>
    public bool TryTakeBar()
    {
        int before = _at;
        SkipSpace(newLines: true);
        if (TryTake("|")) return true;
        _at = before;
        return false;
    }

    /// <summary>Skips blanks and comments.</summary>
    public void SkipSpace(bool newLines)
    {
        for (; !AtEnd; _at++)
        {
            if (Current == '#') _at = _text.IndexOf('\n', _at) is >= 0 and int end ? end : _text.Length;
            if (!(Current is ' ' or '\t' || newLines && Current is '\r' or '\n')) return;
        }
    }

    public string Name()
    {
        int start = _at;
        while (AtName) _at++;
        return _at > start ? _text[start.._at] : throw Error("a rule's name (letters, digits, -) was expected");
    }

    public string Literal()
    {
        var literal = new StringBuilder();
        for (_at++; Current != '"';) literal.Append(new Rune(Character('"')).ToString());
        _at++;
        return literal.ToString();
    }

    public CharacterSet CharacterClass()
    {
        _at++;
        bool excluded = TryTake("^");
        var ranges = new List<(int, int)>();
        while (Current != ']')
        {
            int low = Character(']'), high = low;
            if (Current == '-' && _at + 1 < _text.Length && _text[_at + 1] != ']')
            {
                _at++;
                high = Character(']');
            }

            if (high < low) throw Error("a range's end lies before its beginning");
            ranges.Add((low, high));
        }

        _at++;
        var set = CharacterSet.Of(ranges);
        return excluded ? set.Complement() : set;
    }

    /// <summary>The numbers of <c>{m}</c>, <c>{m,}</c> or <c>{m,n}</c>.</summary>
    public (int Minimum, int? Maximum) Counts()
    {
        _at++;
        SkipSpace(newLines: true);
        int minimum = Number();
        int? maximum = minimum;
        SkipSpace(newLines: true);
        if (TryTake(","))
        {
            SkipSpace(newLines: true);
            maximum = char.IsAsciiDigit(Current) ? Number() : null;
            SkipSpace(newLines: true);
        }

        if (!TryTake("}")) throw Error("'}' was expected");
        return maximum < minimum ? throw Error($"the repetition {{{minimum},{maximum}}} is empty") : (minimum, maximum);
    }

    private int Number()
    {
        int start = _at;
        while (char.IsAsciiDigit(Current)) _at++;
        return int.TryParse(_text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= GrammarLimits.Nodes
            ? number
            : throw Error($"a number up to {GrammarLimits.Nodes} was expected");
    }

    private int Character(char closing)
    {
        if (AtEnd) throw Error($"'{closing}' is missing");
        if (Current == '\\') return Escape();
        if (!Rune.TryGetRuneAt(_text, _at, out Rune rune)) throw Error("half a surrogate pair is no character");
        _at += rune.Utf16SequenceLength;
        return rune.Value;
    }

    private int Escape()
    {
        _at++;
        char escaped = Current;
        _at++;
        return escaped switch
        {
            'x' => Hexadecimal(2),
            'u' => Hexadecimal(4),
            'U' => Hexadecimal(8),
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\\' or '"' or '[' or ']' or '-' or '^' => escaped,
            _ => throw Error("an escape is one of \\x \\u \\U \\n \\r \\t \\\\ \\\" \\[ \\]"),
        };
    }

    private int Hexadecimal(int digits)
    {
        if (_at + digits > _text.Length || !int.TryParse(_text.AsSpan(_at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) || !Rune.IsValid(value))
            throw Error($"{digits} hexadecimal digits of a character were expected");
        _at += digits;
        return value;
    }
}
