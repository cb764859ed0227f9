using Countersign.Protocol.Templates.Lexing;

namespace Countersign.Protocol.Templates.Parsing;

/// <summary>Tokens with a place in them.</summary>
internal sealed class TokenStream(List<Token> tokens)
{
    private int at;

    public Token Current => tokens[at];
    public Token Next => tokens[Math.Min(at + 1, tokens.Count - 1)];

    public Token Take() => tokens[at < tokens.Count - 1 ? at++ : at];

    public bool Is(TokenKind kind) => Current.Kind == kind;
    public bool IsName(string name) => Current.Is(TokenKind.Name, name);
    public bool IsOperator(string operation) => Current.Is(TokenKind.Operator, operation);

    public bool SkipName(string name) => Skip(IsName(name));

    public bool SkipOperator(string operation) => Skip(IsOperator(operation));

    public Token Expect(TokenKind kind)
    {
        if (Current.Kind != kind) throw Error($"expected token '{new Token(kind, kind == TokenKind.Name ? "name" : "", 0).Described}', got '{Current.Described}'");
        return Take();
    }

    public void ExpectOperator(string operation)
    {
        if (!SkipOperator(operation)) throw Error($"expected token '{operation}', got '{Current.Described}'");
    }

    public void ExpectName(string name)
    {
        if (!SkipName(name)) throw Error($"expected token '{name}', got '{Current.Described}'");
    }

    public TemplateException Error(string message) => new(TemplateFault.Syntax, message, Current.Line);

    private bool Skip(bool isHere)
    {
        if (isHere) Take();
        return isHere;
    }
}
