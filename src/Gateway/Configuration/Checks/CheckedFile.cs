using Countersign.Gateway.Configuration.Files;
using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Gateway.Configuration.Checks;

/// <summary>A configuration beside the file it was read from, so that a check can name the place of what it finds.</summary>
internal sealed class CheckedFile(GatewayConfiguration configuration, ConfigNode root, ProblemList problems)
{
    public GatewayConfiguration Configuration => configuration;

    /// <summary>The value at a path of keys and indices, or <c>null</c>.</summary>
    public ConfigNode? Find(params IReadOnlyList<object> path)
    {
        ConfigNode? node = root;
        foreach (object step in path) node = Step(node, step);
        return node;
    }

    /// <summary>Reports a problem at the deepest value that exists on the path.</summary>
    public void Report(string message, string remedy, params IReadOnlyList<object> path)
    {
        ConfigNode at = root;
        foreach (object step in path)
        {
            if (Step(at, step) is not { } next) break;
            at = next;
        }

        problems.Add(at, message, remedy);
    }

    /// <summary>Reports a name that nothing has, unless it is empty: then its key is missing, which has been said.</summary>
    public void ReportUnknown(string name, string what, IEnumerable<string> known, params IReadOnlyList<object> path)
    {
        if (name.Length > 0) Report($"\"{name}\" is no {what}.", DidYouMean.Remedy(name, known, "Declared"), path);
    }

    private static ConfigNode? Step(ConfigNode? node, object step) => (node, step) switch
    {
        (MapNode map, string key) => map.Get(key),
        (ListNode list, int index) => index < list.Items.Count ? list.Items[index] : null,
        (ScalarNode or MapNode, 0) => node, // One value may stand for a list of one.
        _ => null,
    };
}
