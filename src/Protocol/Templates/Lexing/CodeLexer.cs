using System.Globalization;

namespace Countersign.Protocol.Templates.Lexing;

/// <summary>Cuts the inside of one tag into tokens.</summary>
internal sealed class CodeLexer(string source, int at, int line, bool prints, List<Token> tokens)
{
    private static readonly string[] LongOperators = ["==", "!=", ">=", "<=", "**", "//"];
    private readonly Stack<char> brackets = new();

    /// <summary>The line after the tag.</summary>
    public int Line => line;

    /// <summary>Reads to the tag's end and returns the place behind it. <paramref name="sign"/> is the '-' or '+' before the end, or a blank.</summary>
    public int ReadToEnd(out char sign)
    {
        while (true)
        {
            SkipSpace();
            if (brackets.Count == 0 && IsEnd(out sign, out int width))
            {
                Add(prints ? TokenKind.PrintEnd : TokenKind.BlockEnd, "");
                return at + width;
            }

            if (at >= source.Length) throw Error($"unexpected end of template, expected 'end of {(prints ? "print statement" : "statement block")}'.");
            ReadToken();
        }
    }

    private bool IsEnd(out char sign, out int width)
    {
        var rest = source.AsSpan(at);
        string close = prints ? "}}" : "%}";
        sign = !rest.IsEmpty && (rest[0] == '-' || (rest[0] == '+' && !prints)) && rest[1..].StartsWith(close) ? rest[0] : ' ';
        width = sign == ' ' ? 2 : 3;
        return sign != ' ' || rest.StartsWith(close);
    }

    private void ReadToken()
    {
        char first = source[at];
        if (first is '\'' or '"') ReadString(first);
        else if (char.IsAsciiDigit(first)) ReadNumber();
        else if (IsNamePart(first)) Take(TokenKind.Name, NameLength());
        else ReadOperator(first);
    }

    private void ReadString(char quote)
    {
        int end = at + 1;
        while (end < source.Length && source[end] != quote) end += source[end] == '\\' ? 2 : 1;
        if (end >= source.Length) throw Error($"unexpected char {(quote == '"' ? "'\"'" : "\"'\"")} at {at}");
        Add(TokenKind.String, StringLiteral.Unescape(source[(at + 1)..end], line));
        line += source.AsSpan(at, end - at).Count('\n');
        at = end + 1;
    }

    private void ReadNumber()
    {
        var (length, isFloat) = NumberLiteral.Measure(source.AsSpan(at), at > 0 && source[at - 1] == '.');
        Take(isFloat ? TokenKind.Float : TokenKind.Integer, length);
    }

    private int NameLength()
    {
        int end = at;
        while (end < source.Length && IsNamePart(source[end])) end++;
        return end - at;
    }

    private void ReadOperator(char first)
    {
        string? two = at + 1 < source.Length ? Array.Find(LongOperators, operation => source.AsSpan(at).StartsWith(operation)) : null;
        if (two is null && !"+-*/%~[](){}<>=.:|,;".Contains(first)) throw Error($"unexpected char '{first}' at {at}");
        if (first is '(' or '[' or '{') brackets.Push(first);
        if (first is ')' or ']' or '}') Close(first);
        Take(TokenKind.Operator, two?.Length ?? 1);
    }

    private void Close(char close)
    {
        if (!brackets.TryPop(out char open)) throw Error($"unexpected '{close}'");
        char expected = open switch { '(' => ')', '[' => ']', _ => '}' };
        if (close != expected) throw Error($"unexpected '{close}', expected '{expected}'");
    }

    private void SkipSpace()
    {
        int end = PythonSpace.Skip(source, at);
        line += source.AsSpan(at, end - at).Count('\n');
        at = end;
    }

    private void Take(TokenKind kind, int length)
    {
        Add(kind, source.Substring(at, length));
        at += length;
    }

    private static bool IsNamePart(char character) => character == '_' || char.IsLetterOrDigit(character)
        || char.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    private void Add(TokenKind kind, string text) => tokens.Add(new Token(kind, text, line));

    private TemplateException Error(string message) => new(TemplateFault.Syntax, message, line);
}
