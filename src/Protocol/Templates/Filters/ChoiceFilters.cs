using Countersign.Protocol.Templates.Functions;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary><c>map</c>, <c>select</c>, <c>reject</c> and the same by attribute. They are lazy, and take undefined and None as empty.</summary>
internal static class ChoiceFilters
{
    public static Function[] All { get; } =
    [
        new("map", "*", (context, bound) => new LazyValue(Items(bound.Self).Select(Mapping(context, bound.All)))),
        new("select", "*", (context, bound) => Choose(context, bound, byAttribute: false, wanted: true)),
        new("reject", "*", (context, bound) => Choose(context, bound, byAttribute: false, wanted: false)),
        new("selectattr", "*", (context, bound) => Choose(context, bound, byAttribute: true, wanted: true)),
        new("rejectattr", "*", (context, bound) => Choose(context, bound, byAttribute: true, wanted: false)),
    ];

    private static IEnumerable<Value> Items(Value value) => value.IsTrue ? value.Iterate() : [];

    private static Func<Value, Value> Mapping(RenderContext context, Arguments arguments)
    {
        if (arguments.Positional.Length == 0) return AttributeMapping(context, arguments);
        string name = context.TextOf(arguments.Positional[0]);
        var filter = FilterTable.Find(name) ?? throw FilterTable.Unknown(name);
        var rest = arguments.Skip(1);
        return item => filter.Call(context, item, rest);
    }

    private static Func<Value, Value> AttributeMapping(RenderContext context, Arguments arguments)
    {
        Value? path = null, otherwise = null;
        foreach (var (name, value) in arguments.Named)
        {
            if (name == "attribute") path = value;
            else if (name == "default") otherwise = value;
            else throw TemplateException.Type($"Unexpected keyword argument '{name}'");
        }

        if (path is null) throw TemplateException.Type("map requires a filter argument");
        return item => AttributePath.Get(context, item, path) is var found && found is UndefinedValue && otherwise is not null ? otherwise : found;
    }

    private static LazyValue Choose(RenderContext context, Bound bound, bool byAttribute, bool wanted)
    {
        var arguments = bound.All;
        if (byAttribute && arguments.Positional.Length == 0) throw TemplateException.Type("Missing parameter for attribute name");
        var path = byAttribute ? arguments.Positional[0] : null;
        if (byAttribute) arguments = arguments.Skip(1);
        var passes = Test(context, arguments);
        return new LazyValue(Items(bound.Self).Where(item => passes(path is null ? item : AttributePath.Get(context, item, path)) == wanted));
    }

    private static Func<Value, bool> Test(RenderContext context, Arguments arguments)
    {
        if (arguments.Positional.Length == 0) return item => item.IsTrue;
        string name = context.TextOf(arguments.Positional[0]);
        var test = Templates.Tests.TestTable.Find(name) ?? throw Templates.Tests.TestTable.Unknown(name);
        var rest = arguments.Skip(1);
        return item => test.Call(context, item, rest).IsTrue;
    }
}
