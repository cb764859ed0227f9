using Countersign.Protocol.Templates.Lexing;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Rendering;

namespace Countersign.Protocol.Templates.Parsing;

/// <summary>The tags one by one. Each begins behind its name and ends before its <c>%}</c>.</summary>
internal sealed partial class TemplateParser
{
    private IfStatement ParseIf()
    {
        var branches = new List<(Expression?, Block, int)>();
        while (true)
        {
            int line = tokens.Current.Line;
            var test = expressions.ParseTuple(withConditional: false);
            tokens.Expect(TokenKind.BlockEnd);
            branches.Add((test, ParseBlock("if", "elif", "else", "endif"), line));
            if (!tokens.SkipName("elif")) break;
        }

        if (tokens.SkipName("else"))
        {
            int line = tokens.Current.Line;
            branches.Add((null, ParseBody("if", "endif"), line));
        }
        else
        {
            tokens.Take();
        }

        return new IfStatement([.. branches]);
    }

    private ForStatement ParseFor(int line)
    {
        var target = ParseTargets(endName: "in");
        tokens.ExpectName("in");
        var items = expressions.ParseTuple(withConditional: false, endName: "recursive");
        var test = tokens.SkipName("if") ? expressions.Parse() : null;
        bool isRecursive = tokens.SkipName("recursive");
        tokens.Expect(TokenKind.BlockEnd);
        loops++;
        var body = ParseBlock("for", "endfor", "else");
        loops--;
        bool hasElse = tokens.Take().Text == "else";
        return new ForStatement(target, items, test, isRecursive, body, hasElse ? ParseBody("for", "endfor") : Block.Empty, line);
    }

    private Statement ParseSet(int line)
    {
        var target = ParseTargets(endName: null);
        if (tokens.SkipOperator("=")) return new SetStatement(target, expressions.ParseTuple(), line);
        var filters = tokens.SkipOperator("|") ? expressions.ParseBlockFilters() : null;
        return new SetBlockStatement(target, filters, ParseBody("set", "endset"), line);
    }

    private WithStatement ParseWith(int line)
    {
        var variables = new List<(Target, Expression)>();
        while (!tokens.Is(TokenKind.BlockEnd))
        {
            if (variables.Count > 0) tokens.ExpectOperator(",");
            var target = ParseTarget();
            tokens.ExpectOperator("=");
            variables.Add((target, expressions.Parse()));
        }

        return new WithStatement([.. variables], ParseBody("with", "endwith"), line);
    }

    private MacroStatement ParseMacro()
    {
        string name = tokens.Expect(TokenKind.Name).Text;
        return new MacroStatement(ParseDefinition(name, ParseParameters(), "macro", "endmacro"));
    }

    private CallStatement ParseCall(int line)
    {
        var parameters = tokens.IsOperator("(") ? ParseParameters() : [];
        if (expressions.Parse() is not CallExpression call) throw tokens.Error("expected call");
        return new CallStatement(call, ParseDefinition("caller", parameters, "call", "endcall"), line);
    }

    private MacroDefinition ParseDefinition(string name, (string, Expression?)[] parameters, string tag, string end)
    {
        var (outerLoops, outerExtras) = (loops, expressions.Extras);
        (loops, expressions.Extras) = (0, MacroExtras.None);
        var body = ParseBody(tag, end);
        var definition = new MacroDefinition(name, parameters, body, expressions.Extras);
        (loops, expressions.Extras) = (outerLoops, outerExtras);
        return definition;
    }

    private (string, Expression?)[] ParseParameters()
    {
        var parameters = new List<(string, Expression?)>();
        tokens.ExpectOperator("(");
        while (!tokens.SkipOperator(")"))
        {
            if (parameters.Count > 0) tokens.ExpectOperator(",");
            string name = ParseAssignedName();
            var otherwise = tokens.SkipOperator("=") ? expressions.Parse() : null;
            if (otherwise is null && parameters.Count > 0 && parameters[^1].Item2 is not null) throw tokens.Error("non-default argument follows default argument");
            parameters.Add((name, otherwise));
        }

        return [.. parameters];
    }

    private Target ParseTargets(string? endName)
    {
        var targets = new List<Target>();
        bool isTuple = false;
        while (!IsTargetEnd(endName))
        {
            targets.Add(ParseTarget());
            if (!tokens.SkipOperator(",")) break;
            isTuple = true;
        }

        if (targets.Count == 0) throw tokens.Error($"Expected an expression, got '{tokens.Current.Described}'");
        return isTuple ? new TupleTarget([.. targets]) : targets[0];
    }

    private bool IsTargetEnd(string? endName) =>
        tokens.Is(TokenKind.BlockEnd) || tokens.IsOperator(")") || tokens.IsOperator("=") || (endName is not null && tokens.IsName(endName));

    private Target ParseTarget()
    {
        Budget.EnsureStack();
        if (tokens.SkipOperator("("))
        {
            var inner = ParseTargets(endName: null);
            tokens.ExpectOperator(")");
            return inner;
        }

        string name = ParseAssignedName();
        return tokens.SkipOperator(".") ? new NamespaceTarget(new NameExpression(name), tokens.Expect(TokenKind.Name).Text) : new NameTarget(name);
    }

    private string ParseAssignedName()
    {
        if (tokens.Current.Kind is TokenKind.String or TokenKind.Integer or TokenKind.Float) throw tokens.Error("can't assign to 'const'");
        string name = tokens.Expect(TokenKind.Name).Text;
        if (name is "true" or "True" or "false" or "False" or "none" or "None") throw tokens.Error("can't assign to 'const'");
        return name;
    }
}
