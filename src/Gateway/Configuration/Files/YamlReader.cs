using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Countersign.Gateway.Configuration.Files;

/// <summary>Reads YAML into nodes that know their place. Bounded in depth and size, so that no file (nested brackets, aliases of aliases) can exhaust the process.</summary>
internal sealed class YamlReader
{
    private const string MergeKey = "<<";
    private const int MaxDepth = 64, MaxNodes = 100_000;

    private readonly Parser parser;
    private readonly string file;
    private readonly ConfigurationEnvironment environment;
    private readonly ProblemList problems;
    private readonly Dictionary<AnchorName, (ConfigNode Node, int Size)> anchors = [];
    private int nodes;

    private YamlReader(string text, string file, ConfigurationEnvironment environment, ProblemList problems)
    {
        parser = new Parser(new StringReader(text));
        (this.file, this.environment, this.problems) = (file, environment, problems);
    }

    /// <summary>The file's one document; an empty file is an empty group of keys. <c>null</c> where it is no YAML: the first error of its grammar is then in <paramref name="problems"/>.</summary>
    public static ConfigNode? Read(string text, string file, ConfigurationEnvironment environment, ProblemList problems)
    {
        var reader = new YamlReader(text, file, environment, problems);
        try
        {
            return reader.ReadFile();
        }
        catch (YamlException exception)
        {
            problems.Add(reader.PlaceOf(exception.Start), "", $"This is no YAML: {exception.Message.TrimEnd('.')}.", "Check the indentation, quotes and brackets at this place.");
            return null;
        }
        catch (InvalidOperationException)
        {
            // The scanner's own assertions, which some broken files reach.
            problems.Add(new FilePlace(file, 1, 1), "", "This is no YAML.", "Check indentation, quotes and brackets.");
            return null;
        }
    }

    private ConfigNode ReadFile()
    {
        Skip<StreamStart>();
        if (parser.Current is StreamEnd) return new MapNode(new FilePlace(file, 1, 1), NodePath.Top, []);
        Skip<DocumentStart>();
        ConfigNode root = ReadNode(NodePath.Top, 0);
        Skip<DocumentEnd>();
        if (parser.Current is DocumentStart second) problems.Add(PlaceOf(second.Start), "", "A second document begins here.", "Keep one document: remove the '---' and what follows.");
        return root;
    }

    private ConfigNode ReadNode(NodePath path, int depth)
    {
        ParsingEvent current = parser.Current ?? throw new YamlException("the file ends too early");
        if (depth > MaxDepth) throw new YamlException(current.Start, current.End, $"nested more than {MaxDepth} levels deep");
        if (current is AnchorAlias alias) return ReadAlias(alias, path);
        int before = nodes;
        CountNodes(1, current);
        ConfigNode node = current switch
        {
            MappingStart => ReadMap(path, depth),
            SequenceStart => ReadList(path, depth),
            _ => ReadScalar((Scalar)current, path),
        };
        if (current is NodeEvent { Anchor.IsEmpty: false } anchored) anchors[anchored.Anchor] = (node, nodes - before);
        return node;
    }

    private ConfigNode ReadAlias(AnchorAlias alias, NodePath path)
    {
        if (!anchors.TryGetValue(alias.Value, out var known)) throw new YamlException(alias.Start, alias.End, $"no value above is named &{alias.Value}");
        CountNodes(known.Size, alias);
        parser.MoveNext();
        return known.Node.MovedTo(path);
    }

    private MapNode ReadMap(NodePath path, int depth)
    {
        FilePlace place = PlaceOf(parser.Current!.Start);
        parser.MoveNext();
        var entries = new List<MapEntry>();
        while (parser.Current is not MappingEnd) ReadEntry(entries, path, depth);
        parser.MoveNext();
        return new MapNode(place, path, entries);
    }

    private void ReadEntry(List<MapEntry> entries, NodePath path, int depth)
    {
        if (parser.Current is not Scalar key) throw new YamlException(parser.Current!.Start, parser.Current.End, "a key must be plain text");
        NodePath entryPath = path.Entry(key.Value);
        parser.MoveNext();
        ConfigNode value = ReadNode(entryPath, depth + 1);
        if (key is { Value: MergeKey, Style: ScalarStyle.Plain })
        {
            problems.Add(PlaceOf(key.Start), entryPath.Text, "Merge keys (<<) are not read: they are no part of YAML 1.2.", "Write the keys out; an alias such as *name can stand for a whole value.");
            return;
        }

        if (entries.FirstOrDefault(entry => entry.Key == key.Value) is { } first)
        {
            problems.Add(PlaceOf(key.Start), entryPath.Text, $"This key is here a second time; the first is in line {first.Place.Line}.", "Remove or rename one of them.");
            return;
        }

        entries.Add(new MapEntry(key.Value, PlaceOf(key.Start), value));
    }

    private ListNode ReadList(NodePath path, int depth)
    {
        FilePlace place = PlaceOf(parser.Current!.Start);
        parser.MoveNext();
        var items = new List<ConfigNode>();
        while (parser.Current is not SequenceEnd) items.Add(ReadNode(path.Item(items.Count), depth + 1));
        parser.MoveNext();
        return new ListNode(place, path, items);
    }

    private ScalarNode ReadScalar(Scalar scalar, NodePath path)
    {
        parser.MoveNext();
        FilePlace place = PlaceOf(scalar.Start);
        string text = Expansion.Expand(scalar.Value, place, path.Text, environment, problems);
        return new ScalarNode(place, path, scalar.Value, text, scalar.Style == ScalarStyle.Plain);
    }

    private void CountNodes(int count, ParsingEvent at)
    {
        nodes += count;
        if (nodes > MaxNodes) throw new YamlException(at.Start, at.End, $"more than {MaxNodes} values, those of aliases counted each time");
    }

    private void Skip<TEvent>() where TEvent : ParsingEvent
    {
        if (parser.Current is null) parser.MoveNext();
        if (parser.Current is TEvent) parser.MoveNext();
    }

    private FilePlace PlaceOf(Mark mark) => new(file, (int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
