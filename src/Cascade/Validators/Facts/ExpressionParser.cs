using System.Globalization;
using System.Text;
using Countersign.Cascade.JsonSchemas;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Facts;

/// <summary>Parses the expression language of the README beside it.</summary>
internal sealed class ExpressionParser
{
    private const int MaxDepth = 32;

    private readonly string text;
    private int index, depth;

    private ExpressionParser(string text) => this.text = text;

    /// <summary>The expression.</summary>
    /// <exception cref="ProblemException">It is none; says where.</exception>
    public static Expression Parse(string text)
    {
        var parser = new ExpressionParser(text);
        var expression = parser.ParseOr();
        return parser.Peek() == '\0' ? expression : throw parser.Wrong("an operator or the end");
    }

    private Expression ParseOr()
    {
        if (++depth > MaxDepth) throw Wrong("less nesting");
        var left = ParseAnd();
        while (TryWord("or")) left = new LogicExpression(false, left, ParseAnd());
        depth--;
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        while (TryWord("and")) left = new LogicExpression(true, left, ParseNot());
        return left;
    }

    private Expression ParseNot()
    {
        if (!TryWord("not")) return ParseComparison();
        if (++depth > MaxDepth) throw Wrong("less nesting");
        var inner = ParseNot();
        depth--;
        return new NotExpression(inner);
    }

    private Expression ParseComparison()
    {
        var left = ParseSum();
        foreach (string sign in (string[])["==", "!=", "<=", ">=", "<", ">"])
        {
            if (TrySign(sign)) return new ComparisonExpression(sign, left, ParseSum());
        }

        if (TryWord("in")) return new ComparisonExpression("in", left, ParseSum());
        if (TryWord("matches")) return ParsePattern(left);
        if (!TryWord("not")) return left;
        return TryWord("in") ? new ComparisonExpression("not in", left, ParseSum()) : throw Wrong("'in' after 'not'");
    }

    private MatchExpression ParsePattern(Expression left)
    {
        if (Peek() is not ('"' or '\'')) throw Wrong("a pattern in quotes");
        string pattern = ParseText();
        return new MatchExpression(left, EcmaPattern.Compile(pattern) ?? throw Wrong($"a regular expression; '{pattern}' is none"));
    }

    private Expression ParseSum()
    {
        var left = ParseProduct();
        while (Peek() is '+' or '-') left = new ArithmeticExpression(text[index++], left, ParseProduct());
        return left;
    }

    private Expression ParseProduct()
    {
        var left = ParseUnary();
        while (Peek() is '*' or '/' or '%') left = new ArithmeticExpression(text[index++], left, ParseUnary());
        return left;
    }

    private Expression ParseUnary()
    {
        if (!TrySign("-")) return ParsePrimary();
        if (++depth > MaxDepth) throw Wrong("less nesting");
        var inner = ParseUnary();
        depth--;
        return new ArithmeticExpression('-', new ConstantExpression(ExpressionValue.Of(0m)), inner);
    }

    private Expression ParsePrimary()
    {
        char c = Peek();
        if (c is '"' or '\'') return new ConstantExpression(new ExpressionValue(ParseText()));
        if (char.IsAsciiDigit(c)) return new ConstantExpression(ExpressionValue.Of(ParseNumber()));
        if (TrySign("[")) return new ListExpression(ParseItems(']'));
        if (TrySign("("))
        {
            var inner = ParseOr();
            return TrySign(")") ? inner : throw Wrong("')'");
        }

        return char.IsLetter(c) || c == '_' ? ParseName() : throw Wrong("a value, a path or '('");
    }

    private Expression ParseName()
    {
        int start = index;
        while (index < text.Length && (char.IsLetterOrDigit(text[index]) || text[index] is '_' or '.' || (text[index] == '[' && IsPathIndex()))) index = text[index] == '[' ? text.IndexOf(']', index) + 1 : index + 1;
        string name = text[start..index];
        if (TrySign("("))
        {
            var arguments = ParseItems(')');
            return ExpressionFunctions.Objection(name, arguments) is { } objection ? throw Wrong(objection, isWhole: true) : new CallExpression(name, arguments);
        }

        return name switch
        {
            "true" => new ConstantExpression(ExpressionValue.Of(true)),
            "false" => new ConstantExpression(ExpressionValue.Of(false)),
            "null" => new ConstantExpression(new ExpressionValue((object?)null)),
            _ => new PathExpression(name, JsonPaths.Parse(name) ?? throw Wrong($"a path; '{name}' is none")),
        };
    }

    private bool IsPathIndex()
    {
        int close = text.IndexOf(']', index);
        return close > index && text.AsSpan(index + 1, close - index - 1) is "*" or [>= '0' and <= '9', ..];
    }

    private List<Expression> ParseItems(char close)
    {
        List<Expression> items = [];
        while (!TrySign(close.ToString()))
        {
            if (items.Count > 0 && !TrySign(",")) throw Wrong($"',' or '{close}'");
            items.Add(ParseOr());
        }

        return items;
    }

    private decimal ParseNumber()
    {
        int start = index;
        while (index < text.Length && (char.IsAsciiDigit(text[index]) || text[index] == '.')) index++;
        return decimal.TryParse(text.AsSpan(start, index - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) ? number : throw Wrong("a number");
    }

    private string ParseText()
    {
        char quote = text[index++];
        var content = new StringBuilder();
        while (index < text.Length && text[index] != quote)
        {
            bool isEscaped = text[index] == '\\' && index + 1 < text.Length && text[index + 1] == quote;
            if (isEscaped) index++;
            content.Append(text[index++]);
        }

        return index++ < text.Length ? content.ToString() : throw Wrong($"the closing {quote}");
    }

    private bool TryWord(string word)
    {
        Peek();
        int end = index + word.Length;
        bool isThere = text.AsSpan(index).StartsWith(word, StringComparison.Ordinal) && (end == text.Length || !(char.IsLetterOrDigit(text[end]) || text[end] is '_' or '.'));
        if (isThere) index = end;
        return isThere;
    }

    private bool TrySign(string sign)
    {
        Peek();
        if (!text.AsSpan(index).StartsWith(sign, StringComparison.Ordinal)) return false;
        index += sign.Length;
        return true;
    }

    private char Peek()
    {
        while (index < text.Length && char.IsWhiteSpace(text[index])) index++;
        return index < text.Length ? text[index] : '\0';
    }

    private ProblemException Wrong(string expected, bool isWhole = false) => ProblemException.Invalid(
        isWhole ? $"In the expression '{text}', {expected}." : $"The expression '{text}' needs {expected} at character {index + 1}.", "checks");
}
