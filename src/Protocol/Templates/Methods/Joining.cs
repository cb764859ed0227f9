using Countersign.Protocol.Templates.Rendering;
using Countersign.Protocol.Templates.Values;

namespace Countersign.Protocol.Templates.Methods;

/// <summary><c>join</c>.</summary>
internal static class Joining
{
    public static StringValue Join(RenderContext context, string separator, IEnumerable<string> items, bool isMarkup = false)
    {
        var sink = new TextSink(context.Budget);
        bool more = false;
        foreach (string item in items)
        {
            if (more) sink.Append(separator);
            more = true;
            sink.Append(item);
        }

        return new StringValue(sink.ToString(), isMarkup);
    }
}
