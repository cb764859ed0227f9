using System.Text;

namespace Countersign.Engine.Tokenizers;

/// <summary>Ids for the pieces that merging works on: the tokens, and beyond them pieces that occur in merges without being tokens.</summary>
internal sealed class SymbolTable(Vocabulary vocabulary)
{
    private readonly Dictionary<string, int> _extra = new(StringComparer.Ordinal);
    private readonly List<string> _extraTexts = [];

    public int Find(ReadOnlySpan<char> text)
    {
        int id = vocabulary.IdOf(text);
        return id >= 0 ? id : _extra.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out int extra) ? extra : -1;
    }

    public int AddOrFind(ReadOnlySpan<char> text)
    {
        int id = Find(text);
        if (id >= 0) return id;
        id = vocabulary.Count + _extraTexts.Count;
        _extraTexts.Add(text.ToString());
        _extra[_extraTexts[^1]] = id;
        return id;
    }

    /// <summary>As <see cref="Find"/>, but a single character gets an id even if it is no token.</summary>
    public int FindOrAddCharacter(ReadOnlySpan<char> text)
    {
        bool single = text.Length == 1 || text.Length == 2 && char.IsHighSurrogate(text[0]);
        return single ? AddOrFind(text) : Find(text);
    }

    /// <summary>The text of a symbol that is no token.</summary>
    public string ExtraText(int id) => _extraTexts[id - vocabulary.Count];

    /// <summary>Ids of single characters, for the first cut of a word.</summary>
    public Dictionary<int, int> Characters()
    {
        var ids = new Dictionary<int, int>();
        for (int id = 0; id < vocabulary.Count; id++) AddCharacter(ids, vocabulary.Metadata.Tokens[id], id);
        for (int i = 0; i < _extraTexts.Count; i++) AddCharacter(ids, _extraTexts[i], vocabulary.Count + i);
        return ids;
    }

    private static void AddCharacter(Dictionary<int, int> ids, string text, int id)
    {
        if (text.Length is 1 or 2 && Rune.DecodeFromUtf16(text, out Rune rune, out int used) == System.Buffers.OperationStatus.Done && used == text.Length)
            ids.TryAdd(rune.Value, id);
    }
}
