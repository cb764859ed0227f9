using System.Globalization;

namespace Countersign.Engine.Tokenizers;

/// <summary>Reads the expressions of <see cref="PreTokenizers"/>: <c>| (?: ) (?i: ) (?!X) $ [..] [^..&amp;&amp;[..]] \s \S \p{..} ? * + {n,m}</c>.</summary>
internal sealed class PatternParser(string expression)
{
    private readonly string _text = expression;
    private int _at;
    private bool _ignoreCase;

    public Pattern Parse()
    {
        Pattern pattern = Alternatives();
        return _at == _text.Length ? pattern : throw Wrong("an unmatched ')'");
    }

    private Pattern Alternatives()
    {
        var alternatives = new List<Pattern.Item[]>();
        var sequence = new List<Pattern.Item>();
        while (_at < _text.Length && _text[_at] != ')')
        {
            if (Skip("|"))
            {
                alternatives.Add([.. sequence]);
                sequence.Clear();
            }
            else
            {
                sequence.Add(Part());
            }
        }

        alternatives.Add([.. sequence]);
        return Pattern.Of(alternatives);
    }

    private Pattern.Item Part()
    {
        if (Skip("$")) return new(Pattern.ItemKind.End, null, null, 1, 1);
        if (Skip("(?!"))
        {
            CharacterClass next = Class();
            return Skip(")") ? new(Pattern.ItemKind.NotFollowedBy, next, null, 1, 1) : throw Wrong("a look-ahead of more than one class");
        }

        bool ignoreCase = _text.AsSpan(_at).StartsWith("(?i:");
        if (ignoreCase || _text.AsSpan(_at).StartsWith("(?:"))
        {
            _at += ignoreCase ? 4 : 3;
            (bool before, _ignoreCase) = (_ignoreCase, ignoreCase || _ignoreCase);
            Pattern group = Alternatives();
            _ignoreCase = before;
            if (!Skip(")")) throw Wrong("an unclosed group");
            return Skip("?") ? new(Pattern.ItemKind.Group, null, group, 0, 1) : new(Pattern.ItemKind.Group, null, group, 1, 1);
        }

        CharacterClass set = Class();
        (int minimum, int maximum) = Quantifier();
        return new(Pattern.ItemKind.Class, set, null, minimum, maximum);
    }

    private (int Minimum, int Maximum) Quantifier()
    {
        if (Skip("?")) return (0, 1);
        if (Skip("*")) return (0, int.MaxValue);
        if (Skip("+")) return (1, int.MaxValue);
        if (!Skip("{")) return (1, 1);
        int close = _text.IndexOf('}', _at);
        string[] bounds = _text[_at..close].Split(',');
        _at = close + 1;
        return (int.Parse(bounds[0]), int.Parse(bounds[^1]));
    }

    private CharacterClass Class()
    {
        if (!Skip("[")) return Single();
        bool negated = Skip("^");
        uint categories = 0;
        bool white = false;
        CharacterClass? and = null;
        var ranges = new List<(int, int)>();
        while (!Skip("]"))
        {
            if (Skip("&&")) and = Class();
            else if (Skip("\\s")) white = true;
            else if (Skip("\\p{")) AddProperty(ref categories, ranges);
            else AddRange(ranges);
        }

        return new CharacterClass(categories, white, [.. ranges], negated, and);
    }

    private void AddRange(List<(int, int)> ranges)
    {
        int first = Character();
        bool isRange = _at + 1 < _text.Length && _text[_at] == '-' && _text[_at + 1] != ']';
        if (!isRange)
        {
            ranges.Add((first, first));
            return;
        }

        _at++;
        ranges.Add((first, Character()));
    }

    private CharacterClass Single()
    {
        if (Skip("\\s")) return new(0, true, [], false, null);
        if (Skip("\\S")) return new(0, true, [], true, null);
        uint categories = 0;
        var ranges = new List<(int, int)>();
        if (Skip("\\p{")) AddProperty(ref categories, ranges);
        else
        {
            int c = Character();
            ranges.Add((c, c));
            if (_ignoreCase && c is >= 'a' and <= 'z') ranges.Add((c - 32, c - 32));
        }

        return new(categories, false, [.. ranges], false, null);
    }

    private int Character()
    {
        if (_text[_at] == '\\')
        {
            char escaped = _text[_at + 1];
            _at += 2;
            return escaped switch { 'r' => '\r', 'n' => '\n', 't' => '\t', _ => escaped };
        }

        int c = Pattern.CodePoint(_text, _at, out int width);
        _at += width;
        return c;
    }

    private void AddProperty(ref uint categories, List<(int, int)> ranges)
    {
        int close = _text.IndexOf('}', _at);
        string name = _text[_at..close];
        _at = close + 1;
        if (name == "Han") ranges.AddRange(s_han);
        else categories |= Categories(name);
    }

    private static uint Categories(string name)
    {
        static uint Bits(params UnicodeCategory[] all) => all.Aggregate(0u, (bits, c) => bits | 1u << (int)c);
        return name switch
        {
            "Lu" => Bits(UnicodeCategory.UppercaseLetter),
            "Ll" => Bits(UnicodeCategory.LowercaseLetter),
            "Lt" => Bits(UnicodeCategory.TitlecaseLetter),
            "Lm" => Bits(UnicodeCategory.ModifierLetter),
            "Lo" => Bits(UnicodeCategory.OtherLetter),
            "L" => Categories("Lu") | Categories("Ll") | Categories("Lt") | Categories("Lm") | Categories("Lo"),
            "M" => Bits(UnicodeCategory.NonSpacingMark, UnicodeCategory.SpacingCombiningMark, UnicodeCategory.EnclosingMark),
            "N" => Bits(UnicodeCategory.DecimalDigitNumber, UnicodeCategory.LetterNumber, UnicodeCategory.OtherNumber),
            "P" => Bits(UnicodeCategory.ConnectorPunctuation, UnicodeCategory.DashPunctuation, UnicodeCategory.OpenPunctuation,
                UnicodeCategory.ClosePunctuation, UnicodeCategory.InitialQuotePunctuation, UnicodeCategory.FinalQuotePunctuation, UnicodeCategory.OtherPunctuation),
            "S" => Bits(UnicodeCategory.MathSymbol, UnicodeCategory.CurrencySymbol, UnicodeCategory.ModifierSymbol, UnicodeCategory.OtherSymbol),
            _ => throw new ArgumentException($"\\p{{{name}}} is not known.", nameof(name)),
        };
    }

    // Script=Han of the Unicode character database.
    private static readonly (int, int)[] s_han =
    [
        (0x2E80, 0x2E99), (0x2E9B, 0x2EF3), (0x2F00, 0x2FD5), (0x3005, 0x3005), (0x3007, 0x3007), (0x3021, 0x3029), (0x3038, 0x303B),
        (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFA6D), (0xFA70, 0xFAD9), (0x16FE2, 0x16FE3), (0x16FF0, 0x16FF1), (0x20000, 0x2A6DF),
        (0x2A700, 0x2B739), (0x2B740, 0x2B81D), (0x2B820, 0x2CEA1), (0x2CEB0, 0x2EBE0), (0x2F800, 0x2FA1D), (0x30000, 0x323AF),
    ];

    private bool Skip(string token)
    {
        if (!_text.AsSpan(_at).StartsWith(token)) return false;
        _at += token.Length;
        return true;
    }

    private ArgumentException Wrong(string what) => new($"The expression has {what} at {_at}: {_text}");
}
