using Countersign.Protocol.Templates.Lexing;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Parsing;

/// <summary>Literals, names, lists, dicts and tuples.</summary>
internal sealed partial class ExpressionParser
{
    /// <summary>One expression, or a tuple where commas follow.</summary>
    public Expression ParseTuple(bool withConditional = true, string? endName = null, bool inParentheses = false)
    {
        var items = new List<Expression>();
        bool isTuple = false;
        while (!IsTupleEnd(endName))
        {
            items.Add(Parse(withConditional));
            if (!tokens.SkipOperator(",")) break;
            isTuple = true;
        }

        if (items.Count == 1 && !isTuple) return items[0];
        if (items.Count == 0 && !inParentheses) throw tokens.Error($"Expected an expression, got '{tokens.Current.Described}'");
        return new TupleExpression([.. items]);
    }

    private bool IsTupleEnd(string? endName) =>
        tokens.Is(TokenKind.PrintEnd) || tokens.Is(TokenKind.BlockEnd) || tokens.IsOperator(")") || (endName is not null && tokens.IsName(endName));

    private Expression ParsePrimary()
    {
        var token = tokens.Take();
        switch (token.Kind)
        {
            case TokenKind.Name: return ParseName(token.Text);
            case TokenKind.String: return ParseStrings(token.Text);
            case TokenKind.Integer: return new ConstantExpression(NumberLiteral.Integer(token.Text));
            case TokenKind.Float: return new ConstantExpression(NumberLiteral.Float(token.Text));
            case TokenKind.Operator when token.Text == "(": return ParseParentheses();
            case TokenKind.Operator when token.Text == "[": return new ListExpression([.. ParseItems("]", () => Parse())]);
            case TokenKind.Operator when token.Text == "{": return new DictExpression([.. ParseItems("}", ParseEntry)]);
            default: throw new TemplateException(TemplateFault.Syntax, $"unexpected '{token.Described}'", token.Line);
        }
    }

    private Expression ParseName(string name)
    {
        switch (name)
        {
            case "true" or "True": return new ConstantExpression(BoolValue.True);
            case "false" or "False": return new ConstantExpression(BoolValue.False);
            case "none" or "None": return new ConstantExpression(NoneValue.Instance);
        }

        Extras |= name switch
        {
            "varargs" => MacroExtras.Varargs,
            "kwargs" => MacroExtras.Kwargs,
            "caller" => MacroExtras.Caller,
            _ => MacroExtras.None,
        };
        Names.Add(name);
        return new NameExpression(name);
    }

    /// <summary>Adjacent string literals are one.</summary>
    private ConstantExpression ParseStrings(string first)
    {
        if (!tokens.Is(TokenKind.String)) return new ConstantExpression(new StringValue(first));
        var parts = new List<string> { first };
        while (tokens.Is(TokenKind.String)) parts.Add(tokens.Take().Text);
        return new ConstantExpression(new StringValue(string.Concat(parts)));
    }

    private Expression ParseParentheses()
    {
        var expression = ParseTuple(inParentheses: true);
        tokens.ExpectOperator(")");
        return expression;
    }

    private List<T> ParseItems<T>(string close, Func<T> parse)
    {
        var items = new List<T>();
        while (!tokens.SkipOperator(close))
        {
            if (items.Count > 0) tokens.ExpectOperator(",");
            if (tokens.SkipOperator(close)) break;
            items.Add(parse());
        }

        return items;
    }

    private (Expression Key, Expression Value) ParseEntry()
    {
        var key = Parse();
        tokens.ExpectOperator(":");
        return (key, Parse());
    }
}
