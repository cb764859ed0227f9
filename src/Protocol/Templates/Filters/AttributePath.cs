using System.Globalization;
using Countersign.Protocol.Templates.Nodes;
using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Filters;

/// <summary>The <c>attribute</c> of filters: an index, or names and indexes with dots between, each looked up as an item first.</summary>
internal static class AttributePath
{
    public static Value Get(RenderContext context, Value owner, Value path)
    {
        if (path is not StringValue text) return ItemExpression.Get(context, owner, path);
        foreach (string part in text.Text.Split('.'))
        {
            context.Budget.Step();
            bool isIndex = int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int index);
            owner = ItemExpression.Get(context, owner, isIndex ? IntValue.Of(index) : new StringValue(part));
        }

        return owner;
    }
}
