namespace Countersign.Gateway.Configuration.Files;

/// <summary>A value of the file, with its place and path.</summary>
/// <param name="Place">Where it stands.</param>
/// <param name="Path">How one gets to it from the top.</param>
internal abstract record ConfigNode(FilePlace Place, NodePath Path)
{
    /// <summary>What it is, for a reader.</summary>
    public abstract string Kind { get; }

    /// <summary>The same value at another path, for an alias; its place stays that of the anchor.</summary>
    public abstract ConfigNode MovedTo(NodePath path);
}

/// <summary>How one gets to a value from the top of the file.</summary>
/// <param name="Text">The keys, such as <c>routes.invoice.validate[1]</c>.</param>
/// <param name="Key">The last key; empty for the top and for items of lists.</param>
internal readonly record struct NodePath(string Text, string Key)
{
    /// <summary>The top of the file.</summary>
    public static NodePath Top => new("", "");

    /// <summary>The path of an entry.</summary>
    public NodePath Entry(string key)
    {
        string shown = key.AsSpan().ContainsAny(".[ ") ? $"\"{key}\"" : key;
        return new NodePath(Text.Length == 0 ? shown : $"{Text}.{shown}", key);
    }

    /// <summary>The path of an item.</summary>
    public NodePath Item(int index) => new($"{Text}[{index}]", "");

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>A piece of text, a number, a switch: which of them is decided by whoever reads it.</summary>
/// <param name="Written">As it stands in the file, <c>${NAME}</c> not expanded: the form that may be shown.</param>
/// <param name="Text">With environment variables expanded.</param>
/// <param name="IsPlain">Whether it was written without quotes, so that <c>12</c>, <c>true</c> and <c>null</c> are no text.</param>
internal sealed record ScalarNode(FilePlace Place, NodePath Path, string Written, string Text, bool IsPlain) : ConfigNode(Place, Path)
{
    public override string Kind => IsNull ? "nothing" : "a single value";

    /// <summary>Whether nothing was written.</summary>
    public bool IsNull => IsPlain && Written is ("" or "~" or "null");

    public override ConfigNode MovedTo(NodePath path) => this with { Path = path };
}

/// <summary>A list of values.</summary>
internal sealed record ListNode(FilePlace Place, NodePath Path, IReadOnlyList<ConfigNode> Items) : ConfigNode(Place, Path)
{
    public override string Kind => "a list";

    public override ConfigNode MovedTo(NodePath path) => this with { Path = path, Items = [.. Items.Select((item, index) => item.MovedTo(path.Item(index)))] };
}

/// <summary>Values by key, in the order of the file.</summary>
internal sealed record MapNode(FilePlace Place, NodePath Path, IReadOnlyList<MapEntry> Entries) : ConfigNode(Place, Path)
{
    public override string Kind => "a group of keys";

    /// <summary>The value of <paramref name="key"/>, or <c>null</c>.</summary>
    public ConfigNode? Get(string key) => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    public override ConfigNode MovedTo(NodePath path) => this with { Path = path, Entries = [.. Entries.Select(entry => entry with { Value = entry.Value.MovedTo(path.Entry(entry.Key)) })] };
}

/// <summary>A key and its value.</summary>
/// <param name="Key">The key.</param>
/// <param name="Place">Where the key stands.</param>
/// <param name="Value">Its value.</param>
internal sealed record MapEntry(string Key, FilePlace Place, ConfigNode Value);
