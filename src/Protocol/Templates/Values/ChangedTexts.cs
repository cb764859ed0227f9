namespace Countersign.Protocol.Templates.Values;

/// <summary>A value with every text in it, names of entries included, changed.</summary>
internal static class ChangedTexts
{
    /// <summary>The value, rebuilt where it holds others.</summary>
    public static Value Of(Value value, Func<string, string> change) => value switch
    {
        StringValue text => new StringValue(change(text.Text)),
        ListValue list => new ListValue([.. list.Items.Select(item => Of(item, change))]),
        DictValue dict => OfDict(dict, change),
        _ => value,
    };

    private static DictValue OfDict(DictValue dict, Func<string, string> change)
    {
        var changed = new DictValue();
        foreach (var (key, value) in dict.Entries) changed.Set(Of(key, change), Of(value, change));
        return changed;
    }
}
