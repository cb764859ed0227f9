using Countersign.Cascade.JsonSchemas.Keywords;

namespace Countersign.Cascade.JsonSchemas;

/// <summary>Looks through references.</summary>
internal static class SchemaNodes
{
    private const int MaxNodes = 256;

    /// <summary>The schemas that a value must fit whatever it is: the node, what it refers to, and all of its <c>allOf</c>; not all of them where they are very many.</summary>
    public static IReadOnlyList<SchemaNode> Certain(SchemaNode node)
    {
        List<SchemaNode> nodes = [];
        Add(node, nodes);
        return nodes;
    }

    private static void Add(SchemaNode node, List<SchemaNode> nodes)
    {
        if (nodes.Count == MaxNodes || nodes.Contains(node)) return;
        nodes.Add(node);
        foreach (var keyword in node.Keywords)
        {
            if (keyword is RefKeyword reference) Add(reference.Target, nodes);
            if (keyword is AllOfKeyword all) foreach (var inner in all.Nodes) Add(inner, nodes);
        }
    }
}
