using Countersign.Protocol.Templates.Lexing;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Parsing;

/// <summary>Parses expressions, loosest operator first: <c>if</c>, <c>or</c>, <c>and</c>, <c>not</c>, comparisons, <c>+ -</c>, <c>~</c>,
/// <c>* / // %</c>, <c>**</c>, signs; filters and tests bind tighter than all of them.</summary>
internal sealed partial class ExpressionParser(TokenStream tokens)
{
    /// <summary>Operators in one row or nested in each other.</summary>
    private const int DeepestNesting = 400;

    private int depth;

    /// <summary>All names that the template reads, its own variables included.</summary>
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    /// <summary>What the macro whose body is being parsed reads of its calls.</summary>
    public MacroExtras Extras { get; set; }

    public Expression Parse(bool withConditional = true) => Nested(withConditional ? ParseConditional : ParseOr);

    private Expression ParseConditional()
    {
        var expression = ParseOr();
        for (int links = 0; tokens.SkipName("if"); Chain(ref links))
        {
            var test = ParseOr();
            expression = new ConditionalExpression(test, expression, tokens.SkipName("else") ? Parse() : null);
        }

        return expression;
    }

    private Expression ParseOr()
    {
        var left = ParseAnd();
        for (int links = 0; tokens.SkipName("or"); Chain(ref links)) left = new LogicalExpression(isAnd: false, left, ParseAnd());
        return left;
    }

    private Expression ParseAnd()
    {
        var left = ParseNot();
        for (int links = 0; tokens.SkipName("and"); Chain(ref links)) left = new LogicalExpression(isAnd: true, left, ParseNot());
        return left;
    }

    private Expression ParseNot() => tokens.SkipName("not") ? new NotExpression(Nested(ParseNot)) : ParseComparison();

    private Expression ParseComparison()
    {
        var first = ParseSum();
        var rest = new List<(string, Expression)>();
        while (TakeComparison() is { } operation) rest.Add((operation, ParseSum()));
        return rest.Count == 0 ? first : new ComparisonExpression(first, [.. rest]);
    }

    private string? TakeComparison()
    {
        if (tokens.Is(TokenKind.Operator) && tokens.Current.Text is "==" or "!=" or "<" or "<=" or ">" or ">=") return tokens.Take().Text;
        if (tokens.SkipName("in")) return "in";
        if (!tokens.IsName("not") || !tokens.Next.Is(TokenKind.Name, "in")) return null;
        tokens.Take();
        tokens.Take();
        return "not in";
    }

    private Expression ParseSum() => ParseRow(() => ParseRow(ParseProduct, "~"), "+", "-");

    private Expression ParseProduct() => ParseRow(() => ParseRow(() => ParseSigned(), "**"), "*", "/", "//", "%");

    private Expression ParseRow(Func<Expression> parseOperand, params ReadOnlySpan<string> operations)
    {
        var left = parseOperand();
        for (int links = 0; tokens.Is(TokenKind.Operator) && operations.Contains(tokens.Current.Text); Chain(ref links))
        {
            left = new BinaryExpression(tokens.Take().Text, left, parseOperand());
        }

        return left;
    }

    private Expression ParseSigned(bool withFilters = true)
    {
        var expression = tokens.SkipOperator("-") ? new SignExpression(isMinus: true, Nested(() => ParseSigned(withFilters: false)))
            : tokens.SkipOperator("+") ? new SignExpression(isMinus: false, Nested(() => ParseSigned(withFilters: false)))
            : ParsePrimary();
        expression = ParsePostfix(expression);
        return withFilters ? ParseFilters(expression) : expression;
    }

    private Expression Nested(Func<Expression> parse)
    {
        if (++depth > DeepestNesting) throw tokens.Error("an expression is nested too deeply");
        Budget.EnsureStack();
        var expression = parse();
        depth--;
        return expression;
    }

    private void Chain(ref int links)
    {
        if (++links > DeepestNesting) throw tokens.Error($"an expression has more than {DeepestNesting} operators in a row");
    }
}
