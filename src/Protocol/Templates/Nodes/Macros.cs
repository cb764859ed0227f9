using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Nodes;

/// <summary>What a macro body may read of a call besides its parameters; a macro takes such arguments only where its body names them.</summary>
[Flags]
internal enum MacroExtras { None = 0, Varargs = 1, Kwargs = 2, Caller = 4 }

/// <summary>A macro's name, parameters and body; also the body of a <c>call</c> block.</summary>
internal sealed class MacroDefinition(string name, (string Name, Expression? Default)[] parameters, Block body, MacroExtras extras)
{
    public string Name => name;
    public IReadOnlyList<(string Name, Expression? Default)> Parameters => parameters;

    public Value Call(RenderContext context, Scope definedIn, Arguments arguments)
    {
        context.Budget.EnterCall();
        int line = context.Line;
        var scope = new Scope(definedIn);
        BindExtras(scope, arguments);
        BindParameters(context, scope, arguments);
        string text = context.Capture(body, scope);
        context.Line = line;
        context.Budget.LeaveCall();
        return new StringValue(text);
    }

    private void BindParameters(RenderContext context, Scope scope, Arguments arguments)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            var (parameter, otherwise) = parameters[i];
            var given = i < arguments.Positional.Length ? arguments.Positional[i] : Named(arguments, parameter);
            scope.Set(parameter, given ?? Default(context, scope, otherwise) ?? UndefinedValue.Because($"parameter '{parameter}' was not provided"));
        }
    }

    private static Value? Default(RenderContext context, Scope scope, Expression? expression)
    {
        if (expression is null) return null;
        var outer = context.Scope;
        context.Scope = scope;
        var value = expression.Evaluate(context);
        context.Scope = outer;
        return value;
    }

    private void BindExtras(Scope scope, Arguments arguments)
    {
        var surplus = arguments.Positional.Skip(parameters.Length).ToList();
        if (extras.HasFlag(MacroExtras.Varargs)) scope.Set("varargs", new TupleValue(surplus));
        else if (surplus.Count > 0) throw TemplateException.Type($"macro '{name}' takes not more than {parameters.Length} argument(s)");

        var others = new DictValue();
        foreach (var (argument, value) in arguments.Named)
        {
            int at = Array.FindIndex(parameters, parameter => parameter.Name == argument);
            if (at >= 0 && at < arguments.Positional.Length) throw TemplateException.Type($"macro '{name}' got multiple values for argument '{argument}'");
            if (at < 0 && argument == "caller" && extras.HasFlag(MacroExtras.Caller)) scope.Set("caller", value);
            else if (at < 0) others.Set(argument, value);
        }

        if (extras.HasFlag(MacroExtras.Kwargs)) scope.Set("kwargs", others);
        else if (others.Entries.Count > 0) throw TemplateException.Type($"macro '{name}' takes no keyword argument '{((StringValue)others.Entries.GetAt(0).Key).Text}'");
    }

    private static Value? Named(Arguments arguments, string parameter)
    {
        foreach (var (name, value) in arguments.Named)
        {
            if (name == parameter) return value;
        }

        return null;
    }
}

/// <summary><c>{% macro %}</c>.</summary>
internal sealed class MacroStatement(MacroDefinition definition) : Statement
{
    public override Flow Render(RenderContext context)
    {
        context.Scope.Set(definition.Name, new MacroValue(definition, context.Scope));
        return Flow.Next;
    }
}

/// <summary><c>{% call %}</c>: calls a macro and hands it the block as <c>caller()</c>.</summary>
internal sealed class CallStatement(CallExpression call, MacroDefinition caller, int line) : Statement
{
    public override Flow Render(RenderContext context)
    {
        context.Line = line;
        call.Evaluate(context, new MacroValue(caller, context.Scope)).WriteText(context.Output);
        return Flow.Next;
    }
}
