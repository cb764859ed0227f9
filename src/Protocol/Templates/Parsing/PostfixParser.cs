using Countersign.Protocol.Templates.Lexing;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Parsing;

/// <summary>What follows an operand: attributes, items, calls, filters, tests.</summary>
internal sealed partial class ExpressionParser
{
    /// <summary>The filters after <c>filter</c> or <c>set x |</c>, applied to a block's text. The first name stands at the current token.</summary>
    public Expression ParseBlockFilters()
    {
        Expression expression = ParseFilter(new BlockInput());
        for (int links = 0; tokens.SkipOperator("|"); Chain(ref links)) expression = ParseFilter(expression);
        return expression;
    }

    public Expression ParsePostfix(Expression expression)
    {
        for (int links = 0; ; Chain(ref links))
        {
            if (tokens.SkipOperator(".")) expression = ParseAttribute(expression);
            else if (tokens.SkipOperator("[")) expression = new ItemExpression(expression, ParseKey());
            else if (tokens.SkipOperator("(")) expression = new CallExpression(expression, ParseArguments());
            else return expression;
        }
    }

    private Expression ParseFilters(Expression expression)
    {
        for (int links = 0; ; Chain(ref links))
        {
            if (tokens.SkipOperator("|")) expression = ParseFilter(expression);
            else if (tokens.SkipName("is")) expression = ParseTest(expression);
            else if (tokens.SkipOperator("(")) expression = new CallExpression(expression, ParseArguments());
            else return expression;
        }
    }

    private Expression ParseAttribute(Expression target)
    {
        var token = tokens.Take();
        return token.Kind switch
        {
            TokenKind.Name => new AttributeExpression(target, token.Text),
            TokenKind.Integer => new ItemExpression(target, new ConstantExpression(NumberLiteral.Integer(token.Text))),
            _ => throw new TemplateException(TemplateFault.Syntax, "expected name or number", token.Line),
        };
    }

    private Expression ParseKey()
    {
        var keys = ParseItems("]", ParseSubscript);
        return keys.Count switch
        {
            0 => throw tokens.Error("expected an index or key"),
            1 => keys[0],
            _ => new TupleExpression([.. keys]),
        };
    }

    private Expression ParseSubscript()
    {
        var start = tokens.IsOperator(":") ? null : Parse();
        if (!tokens.SkipOperator(":")) return start!;
        var stop = IsBoundMissing() ? null : Parse();
        var step = tokens.SkipOperator(":") && !IsBoundMissing() ? Parse() : null;
        return new SliceExpression(start, stop, step);
    }

    private bool IsBoundMissing() => tokens.IsOperator(":") || tokens.IsOperator("]") || tokens.IsOperator(",");

    private FilterExpression ParseFilter(Expression input)
    {
        string name = ParseDottedName();
        return new FilterExpression(input, name, tokens.SkipOperator("(") ? ParseArguments() : ArgumentList.None);
    }

    private Expression ParseTest(Expression input)
    {
        bool isNegated = tokens.SkipName("not");
        var test = new TestExpression(input, ParseDottedName(), ParseTestArguments());
        return isNegated ? new NotExpression(test) : test;
    }

    /// <summary>In parentheses, or one operand without them: <c>x is divisibleby 3</c>.</summary>
    private ArgumentList ParseTestArguments()
    {
        if (tokens.SkipOperator("(")) return ParseArguments();
        if (tokens.IsName("is")) throw tokens.Error("You cannot chain multiple tests with is");
        bool isOperand = tokens.Current.Kind switch
        {
            TokenKind.Name => tokens.Current.Text is not ("else" or "or" or "and"),
            TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
            TokenKind.Operator => tokens.Current.Text is "[" or "{",
            _ => false,
        };
        return isOperand ? new ArgumentList([ParsePostfix(ParsePrimary())], []) : ArgumentList.None;
    }

    private string ParseDottedName()
    {
        string name = tokens.Expect(TokenKind.Name).Text;
        while (tokens.SkipOperator(".")) name += "." + tokens.Expect(TokenKind.Name).Text;
        return name;
    }

    private ArgumentList ParseArguments()
    {
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        ParseItems(")", () => ParseArgument(positional, named));
        return positional.Count + named.Count == 0 ? ArgumentList.None : new ArgumentList([.. positional], [.. named]);
    }

    private bool ParseArgument(List<Expression> positional, List<(string, Expression)> named)
    {
        if (tokens.Is(TokenKind.Name) && tokens.Next.Is(TokenKind.Operator, "="))
        {
            string name = tokens.Take().Text;
            tokens.Take();
            named.Add((name, Parse()));
            return true;
        }

        if (named.Count > 0) throw tokens.Error("invalid syntax for function call expression");
        positional.Add(Parse());
        return true;
    }
}
