using Countersign.Protocol.Templates.Lexing;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Parsing;

/// <summary>Parses a template's statements.</summary>
internal sealed partial class TemplateParser
{
    private const int DeepestNesting = 100;

    private readonly TokenStream tokens;
    private readonly ExpressionParser expressions;
    private readonly Stack<(string Tag, string[] Ends)> open = new();
    private int loops;

    private TemplateParser(TokenStream tokens) => (this.tokens, expressions) = (tokens, new ExpressionParser(tokens));

    /// <summary>The template's tree, and the names that it reads.</summary>
    public static (Block Body, IReadOnlySet<string> Names) Parse(string source)
    {
        var parser = new TemplateParser(new TokenStream(Lexer.Read(source)));
        return (parser.ParseBlock("", []), parser.expressions.Names);
    }

    /// <summary>Statements up to one of the tags in <paramref name="ends"/>, whose name becomes the current token.</summary>
    private Block ParseBlock(string tag, params string[] ends)
    {
        if (open.Count >= DeepestNesting) throw tokens.Error($"more than {DeepestNesting} blocks within each other");
        Budget.EnsureStack();
        if (ends.Length > 0) open.Push((tag, ends));
        var statements = new List<Statement>();
        while (ParseNext(ends) is { } statement) statements.Add(statement);
        if (ends.Length > 0) open.Pop();
        return new Block([.. statements]);
    }

    /// <summary>A block that ends with <paramref name="end"/> and the end of that tag.</summary>
    private Block ParseBody(string tag, string end)
    {
        tokens.Expect(TokenKind.BlockEnd);
        var body = ParseBlock(tag, end);
        tokens.Take();
        return body;
    }

    private Statement? ParseNext(string[] ends)
    {
        var token = tokens.Current;
        switch (token.Kind)
        {
            case TokenKind.Data:
                return new TextStatement(tokens.Take().Text);
            case TokenKind.PrintBegin:
                return ParsePrint();
            case TokenKind.BlockBegin when tokens.Next.Kind == TokenKind.Name && ends.Contains(tokens.Next.Text):
                tokens.Take();
                return null;
            case TokenKind.BlockBegin:
                tokens.Take();
                var statement = ParseStatement();
                tokens.Expect(TokenKind.BlockEnd);
                return statement;
            default:
                return ends.Length == 0 ? null : throw tokens.Error($"Unexpected end of template.{Expected()}");
        }
    }

    private PrintStatement ParsePrint()
    {
        int line = tokens.Take().Line;
        var expression = expressions.ParseTuple();
        tokens.Expect(TokenKind.PrintEnd);
        return new PrintStatement(expression, line);
    }

    private Statement ParseStatement()
    {
        var tag = tokens.Expect(TokenKind.Name);
        return tag.Text switch
        {
            "if" => ParseIf(),
            "for" => ParseFor(tag.Line),
            "set" => ParseSet(tag.Line),
            "macro" => ParseMacro(),
            "call" => ParseCall(tag.Line),
            "filter" => new FilterStatement(expressions.ParseBlockFilters(), ParseBody("filter", "endfilter"), tag.Line),
            "with" => ParseWith(tag.Line),
            "generation" => new GenerationStatement(ParseBody("generation", "endgeneration")),
            "break" or "continue" when loops == 0 => throw tokens.Error($"'{tag.Text}' outside loop"),
            "break" => new LeaveStatement(Flow.Break),
            "continue" => new LeaveStatement(Flow.Continue),
            "include" or "import" or "from" or "extends" => throw tokens.Error($"'{tag.Text}' is not possible: a chat template is one file"),
            _ => throw tokens.Error($"Encountered unknown tag '{tag.Text}'.{Expected()}"),
        };
    }

    /// <summary>What could have come, in the words of the reference implementation.</summary>
    private string Expected()
    {
        if (!open.TryPeek(out var innermost)) return "";
        string ends = string.Join(" or ", innermost.Ends.Select(end => $"'{end}'"));
        return $" Jinja was looking for the following tags: {ends}. The innermost block that needs to be closed is '{innermost.Tag}'.";
    }
}
