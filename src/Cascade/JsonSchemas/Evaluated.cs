namespace Countersign.Cascade.JsonSchemas;

/// <summary>Which members and items of one value some keyword has looked at; <c>unevaluatedProperties</c> and <c>unevaluatedItems</c> judge the others.</summary>
internal sealed class Evaluated
{
    private readonly HashSet<string> properties = new(StringComparer.Ordinal);
    private readonly HashSet<int> items = [];
    private bool allProperties, allItems;
    private int itemsBelow;

    /// <summary>Whether the member was looked at.</summary>
    public bool HasProperty(string name) => allProperties || properties.Contains(name);

    /// <summary>Whether the item was looked at.</summary>
    public bool HasItem(int index) => allItems || index < itemsBelow || items.Contains(index);

    /// <summary>Notes a member.</summary>
    public void AddProperty(string name) => properties.Add(name);

    /// <summary>Notes all members.</summary>
    public void AddAllProperties() => allProperties = true;

    /// <summary>Notes an item.</summary>
    public void AddItem(int index) => items.Add(index);

    /// <summary>Notes the items before <paramref name="count"/>.</summary>
    public void AddItemsBelow(int count) => itemsBelow = Math.Max(itemsBelow, count);

    /// <summary>Notes all items.</summary>
    public void AddAllItems() => allItems = true;

    /// <summary>Notes what <paramref name="other"/> has.</summary>
    public void Add(Evaluated other)
    {
        properties.UnionWith(other.properties);
        items.UnionWith(other.items);
        allProperties |= other.allProperties;
        allItems |= other.allItems;
        itemsBelow = Math.Max(itemsBelow, other.itemsBelow);
    }
}
