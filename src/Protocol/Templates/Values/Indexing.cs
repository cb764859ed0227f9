namespace Countersign.Protocol.Templates.Values;

/// <summary>Indexes into sequences.</summary>
internal static class Indexing
{
    /// <summary>The place that <paramref name="key"/> means in a sequence, counted from the end where negative; <c>null</c> where there is none.</summary>
    public static int? IndexOf(Value key, int length)
    {
        var index = key switch
        {
            IntValue number => number.Number,
            BoolValue flag => flag.IsTrue ? 1 : 0,
            _ => length,
        };
        if (index < 0) index += length;
        return index >= 0 && index < length ? (int)index : null;
    }
}
