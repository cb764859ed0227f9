using System.Numerics;

namespace Countersign.Cascade.Answers;

/// <summary>Computes an expression of numbers in cleaned LaTeX or plain notation: <c>+ - * / ^</c>, <c>\frac</c>, <c>\sqrt</c>, <c>pi</c>, brackets, implicit products (not of two numbers: <c>12 000</c>).
/// Bounded in nesting and size.</summary>
internal ref struct MathExpression(ReadOnlySpan<char> text)
{
    private const int MaxDepth = 32;

    private readonly ReadOnlySpan<char> text = text;
    private int index, depth;

    /// <summary>The value of the longest expression that <paramref name="text"/> begins with, and what follows it; <c>null</c> where it begins with none.</summary>
    public static Rational? Evaluate(ReadOnlySpan<char> text, out ReadOnlySpan<char> rest)
    {
        var expression = new MathExpression(text);
        var value = expression.ReadSum();
        rest = text[expression.index..];
        return value;
    }

    private Rational? ReadSum()
    {
        if (++depth > MaxDepth) return null;
        var sum = ReadProduct();
        while (sum is { } left && Peek() is '+' or '-')
        {
            bool minus = Take() == '-';
            sum = ReadProduct() is { } right ? left + (minus ? -right : right) : null;
        }

        depth--;
        return sum;
    }

    private Rational? ReadProduct()
    {
        var product = ReadFactor();
        while (product is { } left)
        {
            char c = Peek();
            if (c is '*' or '/')
            {
                Take();
                product = ReadFactor() is { } right ? (c == '*' ? left * right : left / right) : null;
            }
            else if (StartsFactor(c))
            {
                product = ReadFactor() is { } right ? left * right : null;
            }
            else
            {
                break;
            }
        }

        return product;
    }

    private Rational? ReadFactor()
    {
        if (Peek() is '-' or '+')
        {
            if (++depth > MaxDepth) return null;
            bool minus = Take() == '-';
            var signed = ReadFactor();
            depth--;
            return minus && signed is { } value ? -value : signed;
        }

        if (ReadAtom() is not { } atom) return null;
        if (Peek() != '^') return atom;
        Take();
        return ReadGroup(wholeNumber: true) is { } exponent ? atom.Power(exponent) : null;
    }

    private Rational? ReadAtom()
    {
        char c = Peek();
        if (char.IsAsciiDigit(c) || c == '.') return ReadNumber();
        if (c is '(' or '{' or '[') return ReadBracket();
        if (TryTake("\\frac")) return ReadGroup(wholeNumber: false) is { } top && ReadGroup(wholeNumber: false) is { } bottom ? top / bottom : null;
        if (TryTake("\\sqrt") || TryTake("sqrt")) return ReadRoot();
        if (TryTake("\\pi") || (IsPi(text[index..]) && TryTake("pi"))) return Rational.About(Math.PI);
        return null;
    }

    private Rational? ReadNumber()
    {
        int start = index;
        while (char.IsAsciiDigit(At()) || At() == '.') index++;
        var digits = text[start..index];
        return digits.Count('.') > 1 || digits is "" or "." ? null : Rational.Parse(digits.ToString());
    }

    private Rational? ReadBracket()
    {
        char close = Take() switch { '(' => ')', '{' => '}', _ => ']' };
        var value = ReadSum();
        if (value is null || Peek() != close) return null;
        Take();
        return value;
    }

    private Rational? ReadRoot()
    {
        int degree = 2;
        if (Peek() == '[')
        {
            Take();
            degree = Take() - '0';
            if (degree is < 2 or > 9 || Peek() != ']') return null;
            Take();
        }

        return ReadGroup(wholeNumber: true)?.Root(degree);
    }

    /// <summary>An argument: a bracket, a number, or (as in <c>\frac12</c>) a single digit.</summary>
    private Rational? ReadGroup(bool wholeNumber)
    {
        char c = Peek();
        if (char.IsAsciiDigit(c) && !wholeNumber) return Rational.Of(new BigInteger(Take() - '0'));
        if (c != '-') return char.IsAsciiDigit(c) ? ReadNumber() : ReadAtom();
        Take();
        return ReadNumber() is { } value ? -value : null;
    }

    private bool StartsFactor(char c) => c is '(' or '{'
        || text[index..].StartsWith("\\frac") || text[index..].StartsWith("\\sqrt") || text[index..].StartsWith("sqrt") || text[index..].StartsWith("\\pi") || IsPi(text[index..]);

    // Not the beginning of pints and pieces.
    private static bool IsPi(ReadOnlySpan<char> text) => text.StartsWith("pi") && (text.Length == 2 || !char.IsLetter(text[2]));

    private readonly char At() => index < text.Length ? text[index] : '\0';

    private char Peek()
    {
        int next = index;
        while (next < text.Length && text[next] == ' ') next++;
        if (next >= text.Length) return '\0';
        // Space before a word is left for a unit; before anything else it means nothing.
        if (char.IsLetter(text[next]) && !text[next..].StartsWith("sqrt") && !IsPi(text[next..])) return '\0';
        index = next;
        return text[next];
    }

    private char Take()
    {
        char next = Peek();
        if (next != '\0') index++;
        return next;
    }

    private bool TryTake(string word)
    {
        Peek();
        if (!text[index..].StartsWith(word)) return false;
        index += word.Length;
        return true;
    }
}
