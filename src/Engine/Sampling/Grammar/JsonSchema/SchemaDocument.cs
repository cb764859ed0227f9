using System.Text.Json;

namespace Countersign.Engine.Sampling.Grammar.JsonSchema;

/// <summary>A whole schema, in which references are looked up.</summary>
internal sealed class SchemaDocument
{
    private const int MaximumDepth = 200;

    private readonly Dictionary<string, SchemaNode> _anchors = [];

    public SchemaDocument(string text)
    {
        if (text.Length > GrammarLimits.TextLength) throw GrammarLimits.TooLarge($"the schema has more than {GrammarLimits.TextLength} characters");
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaximumDepth });
            Root = new SchemaNode("#", document.RootElement.Clone());
        }
        catch (JsonException broken)
        {
            throw GrammarLimits.Invalid($"The JSON schema is no JSON: {broken.Message}");
        }

        FindAnchors(Root);
    }

    public SchemaNode Root { get; }

    /// <summary>What a <c>$ref</c> means: a pointer or an anchor within this schema.</summary>
    public SchemaNode Resolve(SchemaNode reference)
    {
        string target = reference.Text();
        int hash = target.IndexOf('#', StringComparison.Ordinal);
        string document = hash < 0 ? target : target[..hash], fragment = hash < 0 ? "" : Uri.UnescapeDataString(target[(hash + 1)..]);
        if (document.Length > 0 && document != Root.Get("$id")?.Text()) throw reference.Error($"'{target}' is outside this schema; copy it into $defs");
        if (fragment.Length == 0) return Root;
        if (fragment[0] != '/') return _anchors.GetValueOrDefault(fragment) ?? throw reference.Error($"there is no $anchor '{fragment}'");
        SchemaNode node = Root;
        foreach (string part in fragment[1..].Split('/')) node = Step(node, part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)) ?? throw reference.Error($"'{target}' is not there");
        return node;
    }

    private static SchemaNode? Step(SchemaNode node, string part) => node.Element.ValueKind == JsonValueKind.Array
        ? int.TryParse(part, out int index) ? node.Items().ElementAtOrDefault(index) : null
        : node.Get(part);

    private void FindAnchors(SchemaNode root)
    {
        var open = new Stack<SchemaNode>([root]);
        while (open.TryPop(out SchemaNode? node))
        {
            if (node.Element.ValueKind == JsonValueKind.Array)
            {
                foreach (SchemaNode item in node.Items()) open.Push(item);
            }
            else if (node.Element.ValueKind == JsonValueKind.Object)
            {
                if (node.Get("$anchor") is { Element.ValueKind: JsonValueKind.String } anchor) _anchors.TryAdd(anchor.Text(), node);
                foreach ((_, SchemaNode member) in node.Members()) open.Push(member);
            }
        }
    }
}
