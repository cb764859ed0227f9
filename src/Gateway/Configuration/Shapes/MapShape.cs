using System.Text.Json.Nodes;
using Countersign.Gateway.Configuration.Files;

namespace Countersign.Gateway.Configuration.Shapes;

/// <summary>Values of one shape by names that the user chooses.</summary>
internal sealed class MapShape<T>(Shape<T> of) : Shape<IReadOnlyDictionary<string, T>>
{
    public override bool TryRead(ConfigNode node, ProblemList problems, out IReadOnlyDictionary<string, T> value)
    {
        var values = new Dictionary<string, T>(StringComparer.Ordinal);
        value = values;
        if (node is not MapNode map)
        {
            problems.Add(node, $"Found {Found.In(node)}, but these are names with their values.", "Write 'name: value', a line each.");
            return false;
        }

        foreach (MapEntry entry in map.Entries)
        {
            if (of.TryRead(entry.Value, problems, out T item)) values[entry.Key] = item;
        }

        return true;
    }

    public override JsonObject Schema() => new() { ["type"] = "object", ["additionalProperties"] = of.Schema() };
}
