using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Methods;

/// <summary>The methods of dicts; those that would change one are refused.</summary>
internal static class DictMethods
{
    private static readonly FunctionTable Table = new(
        new("get", "key default?", (_, bound) => ((DictValue)bound.Self).Find(bound[0]) ?? bound[1]),
        new("items", "", (_, bound) => new DictViewValue("items", (DictValue)bound.Self)),
        new("keys", "", (_, bound) => new DictViewValue("keys", (DictValue)bound.Self)),
        new("values", "", (_, bound) => new DictViewValue("values", (DictValue)bound.Self)),
        new("copy", "", (context, bound) => Copy(context, (DictValue)bound.Self)));

    public static Value? Of(DictValue dict, string name, RenderContext context) => Table.Bind(dict, name)
        ?? (Value?)(name is "clear" or "pop" or "popitem" or "setdefault" or "update" ? UndefinedValue.Unsafe(name, dict) : null);

    private static DictValue Copy(RenderContext context, DictValue dict)
    {
        context.Budget.Steps(dict.Entries.Count);
        var copy = new DictValue();
        foreach (var (key, value) in dict.Entries) copy.Set(key, value);
        return copy;
    }
}
