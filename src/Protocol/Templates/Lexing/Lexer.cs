namespace Countersign.Protocol.Templates.Lexing;

/// <summary>Cuts a template into tokens by the rules of Jinja2 with <c>trim_blocks</c> and <c>lstrip_blocks</c>, as chat templates are read everywhere.</summary>
internal sealed class Lexer
{
    private readonly string source;
    private readonly List<Token> tokens = [];
    private int at;
    private int line = 1;

    /// <summary>Whether the text begins a line, so that blanks before a tag are dropped.</summary>
    private bool atLineStart = true;

    private Lexer(string source) => this.source = source;

    /// <summary>The tokens of <paramref name="template"/>, the last of them <see cref="TokenKind.End"/>.</summary>
    public static List<Token> Read(string template)
    {
        string source = template.Replace("\r\n", "\n").Replace('\r', '\n');
        if (source.EndsWith('\n')) source = source[..^1];
        var lexer = new Lexer(source);
        lexer.ReadAll();
        return lexer.tokens;
    }

    private void ReadAll()
    {
        while (at < source.Length)
        {
            int tag = NextTag();
            if (tag < 0) break;
            char kind = source[tag + 1];
            AddData(source.AsSpan(at, tag - at), StripSign(tag + 2), strips: kind != '{');
            at = tag + 2;
            if (StripSign(at) != ' ') at++;
            if (kind == '#') SkipComment();
            else if (kind == '%' && RawBody() is { } body) ReadRaw(body);
            else ReadCode(kind);
        }

        if (at < source.Length) Add(TokenKind.Data, source[at..]);
        Add(TokenKind.End, "");
    }

    private int NextTag()
    {
        for (int brace = source.IndexOf('{', at); brace >= 0; brace = source.IndexOf('{', brace + 1))
        {
            if (brace + 1 < source.Length && source[brace + 1] is '{' or '%' or '#') return brace;
        }

        return -1;
    }

    private char StripSign(int place) => place < source.Length && source[place] is '-' or '+' ? source[place] : ' ';

    private void AddData(ReadOnlySpan<char> data, char sign, bool strips)
    {
        var kept = sign == '-' ? PythonSpace.TrimEnd(data) : strips && sign != '+' ? WithoutIndent(data) : data;
        if (kept.Length > 0) Add(TokenKind.Data, kept.ToString());
        line += data.Count('\n');
    }

    /// <summary>Without the blanks between the line's start and the tag.</summary>
    private ReadOnlySpan<char> WithoutIndent(ReadOnlySpan<char> data)
    {
        int start = data.LastIndexOf('\n') + 1;
        bool indents = (start > 0 || atLineStart) && PythonSpace.Skip(data, start) == data.Length;
        return indents ? data[..start] : data;
    }

    private void SkipComment()
    {
        int end = source.IndexOf("#}", at, StringComparison.Ordinal);
        if (end < 0) throw Error("Missing end of comment tag");
        line += source.AsSpan(at, end - at).Count('\n');
        char sign = end > at ? source[end - 1] : ' ';
        at = end + 2;
        AfterTag(sign, trimsLine: true);
    }

    /// <summary>Where the body of <c>{% raw %}</c> begins; <c>null</c> where the tag is another.</summary>
    private int? RawBody()
    {
        int name = PythonSpace.Skip(source, at);
        if (!source.AsSpan(name).StartsWith("raw")) return null;
        int end = PythonSpace.Skip(source, name + 3);
        if (source.AsSpan(end).StartsWith("-%}")) return PythonSpace.Skip(source, end + 3);
        return source.AsSpan(end).StartsWith("%}") ? end + 2 : null;
    }

    private void ReadRaw(int body)
    {
        line += source.AsSpan(at, body - at).Count('\n');
        atLineStart = body > 0 && source[body - 1] == '\n';
        for (int open = source.IndexOf("{%", body, StringComparison.Ordinal); open >= 0; open = source.IndexOf("{%", open + 2, StringComparison.Ordinal))
        {
            char sign = StripSign(open + 2);
            int name = PythonSpace.Skip(source, sign == ' ' ? open + 2 : open + 3);
            if (!source.AsSpan(name).StartsWith("endraw")) continue;
            int end = PythonSpace.Skip(source, name + 6);
            char endSign = StripSign(end);
            if (endSign != ' ') end++;
            if (!source.AsSpan(end).StartsWith("%}")) continue;
            AddData(source.AsSpan(body, open - body), sign, strips: true);
            at = end + 2;
            AfterTag(endSign, trimsLine: true);
            return;
        }

        throw Error("Missing end of raw directive");
    }

    private void ReadCode(char kind)
    {
        bool prints = kind == '{';
        Add(prints ? TokenKind.PrintBegin : TokenKind.BlockBegin, "");
        var code = new CodeLexer(source, at, line, prints, tokens);
        at = code.ReadToEnd(out char sign);
        line = code.Line;
        AfterTag(sign, trimsLine: !prints);
    }

    /// <summary>Takes the white space or newline after a tag that belongs to it.</summary>
    private void AfterTag(char sign, bool trimsLine)
    {
        int start = at;
        if (sign == '-') at = PythonSpace.Skip(source, at);
        else if (trimsLine && sign != '+' && at < source.Length && source[at] == '\n') at++;
        line += source.AsSpan(start, at - start).Count('\n');
        atLineStart = at > start && source[at - 1] == '\n';
    }

    private void Add(TokenKind kind, string text) => tokens.Add(new Token(kind, text, line));

    private TemplateException Error(string message) => new(TemplateFault.Syntax, message, line);
}
