using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Functions;

/// <summary>A filter, test, method or global function.</summary>
/// <param name="name">Its name in templates.</param>
/// <param name="parameters">Its parameters besides the value that it is applied to, separated by blanks; those that may be left out end with '?'.
/// "*" takes any arguments.</param>
/// <param name="body">What it does.</param>
internal sealed class Function(string name, string parameters, Func<RenderContext, Bound, Value> body)
{
    private readonly string[] names = [.. parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(parameter => parameter.TrimEnd('?'))];
    private readonly int required = parameters.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(parameter => !parameter.EndsWith('?'));

    public string Name => name;

    public Value Call(RenderContext context, Value? self, Arguments arguments)
    {
        context.Budget.Step();
        return body(context, new Bound(name, self ?? NoneValue.Instance, Bind(arguments), arguments));
    }

    private Value?[] Bind(Arguments arguments)
    {
        if (parameters == "*") return [];
        if (arguments.Positional.Length > names.Length) throw TemplateException.Type($"{name}() takes at most {names.Length} argument(s), got {arguments.Positional.Length}");
        var bound = names.Length == 0 ? [] : new Value?[names.Length];
        arguments.Positional.CopyTo(bound, 0);
        foreach (var (argument, value) in arguments.Named)
        {
            int at = Array.IndexOf(names, argument);
            if (at < 0) throw TemplateException.Type($"{name}() got an unexpected keyword argument '{argument}'");
            if (bound[at] is not null) throw TemplateException.Type($"{name}() got multiple values for argument '{argument}'");
            bound[at] = value;
        }

        int missing = Array.IndexOf(bound, null);
        if (missing >= 0 && missing < required) throw TemplateException.Type($"{name}() missing 1 required positional argument: '{names[missing]}'");
        return bound;
    }
}
