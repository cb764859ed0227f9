using Countersign.Protocol.Templates.Functions;

namespace Countersign.Protocol.Templates.Filters;

/// <summary>All filters by name.</summary>
internal static class FilterTable
{
    private static readonly FunctionTable Table = new(
        TextFilters.All.Concat(MarkupFilters.All).Concat(NumberFilters.All).Concat(ValueFilters.All).Concat(ListFilters.All).Concat(ChoiceFilters.All).Concat(JsonFilters.All));

    public static Function? Find(string name) => Table.Find(name);

    public static TemplateException Unknown(string name) => new(TemplateFault.Syntax, $"No filter named '{name}'.");
}
