using System.Text.Json.Nodes;
using Countersign.Gateway.Configuration.Files;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>A list of values of one shape.</summary>
/// <param name="of">The values' shape.</param>
/// <param name="alsoSingle">Whether a single value may stand for a list of one.</param>
internal sealed class ListShape<T>(Shape<T> of, bool alsoSingle = false) : Shape<IReadOnlyList<T>>
{
    public override bool TryRead(ConfigNode node, ProblemList problems, out IReadOnlyList<T> value)
    {
        var values = new List<T>();
        value = values;
        if (node is not ListNode && !alsoSingle)
        {
            problems.Add(node, $"Found {Found.In(node)}, but this is a list.", "Write [a, b], or a line with '- ' for each.");
            return false;
        }

        foreach (ConfigNode item in node is ListNode list ? list.Items : [node])
        {
            if (of.TryRead(item, problems, out T read)) values.Add(read);
        }

        return true;
    }

    public override JsonObject Schema()
    {
        var list = new JsonObject { ["type"] = "array", ["items"] = of.Schema() };
        return alsoSingle ? new JsonObject { ["anyOf"] = new JsonArray(of.Schema(), list) } : list;
    }
}
