using System.Globalization;
using System.Text;
using static Countersign.Engine.Sampling.Grammar.GrammarExpression;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>ECMAScript patterns without assertions and back references, as what may stand between a JSON string's quotes. A pattern is searched for, so what is not
/// anchored may have anything before and after it.</summary>
internal sealed class SchemaPattern
{
    private const int MostRepeats = 10_000;

    private static readonly CharacterSet s_word = CharacterSet.Of(('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_'));
    private static readonly CharacterSet s_lineEnds = CharacterSet.Of("\n\r\u2028\u2029");
    private static readonly CharacterSet s_space = CharacterSet.Of("\t\n\v\f\r \u00A0\u1680\u202F\u205F\u3000\uFEFF\u2028\u2029").Union(CharacterSet.Of((0x2000, 0x200A)));
    private static readonly GrammarExpression s_anything = new RepeatExpression(JsonText.Written(CharacterSet.All), 0, null);

    private readonly Rune[] _pattern;
    private int _at;
    private int _nesting;

    private SchemaPattern(string pattern) => _pattern = [.. pattern.EnumerateRunes()];

    /// <summary>False, with the reason, where the pattern uses what a grammar cannot say.</summary>
    public static bool TryCompile(string pattern, out GrammarExpression expression, out string reason)
    {
        try
        {
            var parser = new SchemaPattern(pattern);
            expression = parser.Alternatives(isWhole: true);
            if (parser._at < parser._pattern.Length) throw new FormatException("a ')' has no '('");
            reason = "";
            return true;
        }
        catch (FormatException unsupported)
        {
            (expression, reason) = (Nothing, unsupported.Message);
            return false;
        }
    }

    private int Current => _at < _pattern.Length ? _pattern[_at].Value : -1;

    private bool TryTake(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (_at + i >= _pattern.Length || _pattern[_at + i].Value != text[i]) return false;
        }

        _at += text.Length;
        return true;
    }

    private GrammarExpression Alternatives(bool isWhole)
    {
        var alternatives = new List<GrammarExpression>();
        do alternatives.Add(Parts(isWhole));
        while (TryTake("|"));
        return Choice([.. alternatives]);
    }

    private GrammarExpression Parts(bool isWhole)
    {
        var parts = new List<GrammarExpression>();
        if (isWhole && !TryTake("^")) parts.Add(s_anything);
        bool isEnded = false;
        while (Current is not (-1 or '|' or ')'))
        {
            if (isEnded) throw new FormatException("'$' within a pattern");
            if (isWhole && TryTake("$")) isEnded = true;
            else parts.Add(Quantified(Item()));
        }

        if (isWhole && !isEnded) parts.Add(s_anything);
        return Sequence([.. parts]);
    }

    private GrammarExpression Item()
    {
        switch (Current)
        {
            case '(':
                return Group();
            case '[':
                return JsonText.Written(CharacterClass());
            case '.':
                _at++;
                return JsonText.Written(s_lineEnds.Complement());
            case '^' or '$':
                throw new FormatException("an anchor within a pattern");
            case '*' or '+' or '?' or '{':
                throw new FormatException("a quantifier with nothing before it");
            case '\\':
                return JsonText.Written(Escape(inClass: false));
            default:
                return JsonText.Written(Single(_pattern[_at++].Value));
        }
    }

    private GrammarExpression Group()
    {
        _at++;
        if (++_nesting > GrammarLimits.Nesting) throw new FormatException("groups nested too deeply");
        if (TryTake("?<") && Current is not ('=' or '!'))
        {
            while (Current is not ('>' or -1)) _at++;
            _at++;
        }
        else if (!TryTake("?:") && (Current == '?' || _pattern[_at - 1].Value == '<'))
        {
            throw new FormatException("an assertion");
        }

        GrammarExpression group = Alternatives(isWhole: false);
        if (!TryTake(")")) throw new FormatException("a '(' has no ')'");
        _nesting--;
        return group;
    }

    private GrammarExpression Quantified(GrammarExpression item)
    {
        if (Quantifier() is not var (minimum, maximum)) return item;
        TryTake("?"); // Lazy or not is the same language.
        if (Current is '*' or '+' or '{') throw new FormatException("two quantifiers in a row");
        return new RepeatExpression(item, minimum, maximum);
    }

    private (int Minimum, int? Maximum)? Quantifier()
    {
        if (TryTake("*")) return (0, null);
        if (TryTake("+")) return (1, null);
        if (TryTake("?")) return (0, 1);
        if (!TryTake("{")) return null;
        int minimum = Number();
        int? maximum = minimum;
        if (TryTake(",")) maximum = Current == '}' ? null : Number();
        if (!TryTake("}") || maximum < minimum) throw new FormatException("a repetition that is no {m}, {m,} or {m,n}");
        return (minimum, maximum);
    }

    private int Number()
    {
        int number = 0, start = _at;
        for (; Current is >= '0' and <= '9'; _at++) number = Math.Min(MostRepeats + 1, number * 10 + (Current - '0'));
        if (_at == start || number > MostRepeats) throw new FormatException($"a repetition's number is not from 0 to {MostRepeats}");
        return number;
    }

    private CharacterSet CharacterClass()
    {
        _at++;
        bool isExcluded = TryTake("^");
        CharacterSet set = CharacterSet.Of("");
        while (Current != ']')
        {
            CharacterSet low = ClassItem();
            if (Current == '-' && _at + 1 < _pattern.Length && _pattern[_at + 1].Value != ']')
            {
                _at++;
                low = Range(low, ClassItem());
            }

            set = set.Union(low);
        }

        _at++;
        return isExcluded ? set.Complement() : set;
    }

    private static CharacterSet Range(CharacterSet low, CharacterSet high)
    {
        if (low.Ranges is [var (from, fromEnd)] && from == fromEnd && high.Ranges is [var (to, toEnd)] && to == toEnd && from <= to) return CharacterSet.Of((from, to));
        throw new FormatException("a range between what are no single characters in order");
    }

    private CharacterSet ClassItem() => Current switch
    {
        -1 => throw new FormatException("a '[' has no ']'"),
        '\\' => Escape(inClass: true),
        _ => Single(_pattern[_at++].Value),
    };

    private CharacterSet Escape(bool inClass)
    {
        _at++;
        int escaped = Current;
        _at++;
        return escaped switch
        {
            'd' => JsonText.Digits,
            'D' => JsonText.Digits.Complement(),
            'w' => s_word,
            'W' => s_word.Complement(),
            's' => s_space,
            'S' => s_space.Complement(),
            'n' => Single('\n'),
            'r' => Single('\r'),
            't' => Single('\t'),
            'f' => Single('\f'),
            'v' => Single('\v'),
            'b' when inClass => Single('\b'),
            'x' => Single(Hexadecimal(2)),
            'u' => Single(Hexadecimal(4)),
            > 0 and < 128 when !char.IsAsciiLetterOrDigit((char)escaped) => Single(escaped),
            _ => throw new FormatException(escaped < 0 ? "a pattern that ends in a backslash" : $"the escape \\{new Rune(escaped)}"),
        };
    }

    private int Hexadecimal(int digits)
    {
        string text = string.Concat(_pattern.Skip(_at).Take(digits));
        if (text.Length != digits || !int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int value) || !Rune.IsValid(value)) throw new FormatException("an escape without its digits");
        _at += digits;
        return value;
    }

    private static CharacterSet Single(int codePoint) => CharacterSet.Of((codePoint, codePoint));
}
