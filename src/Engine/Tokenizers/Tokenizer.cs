using System.Globalization;
using System.Text;
using Countersign.Engine.Gguf;

namespace Countersign.Engine.Tokenizers;

/// <summary>Text to token ids and back, exactly as llama.cpp does it for the same file. Immutable and safe to share between threads.</summary>
internal sealed class Tokenizer
{
    private readonly SpecialTokenSplitter _specials;
    private readonly ControlTextGuard _guard;
    private readonly WordPieceEncoder? _wordPiece;
    private readonly MergeTable? _merges;
    private readonly SymbolTable? _symbols;
    private readonly Dictionary<int, int>? _characters;
    private readonly int[] _byteSymbols = new int[256];
    [ThreadStatic] private static BigramMerger? t_merger;

    /// <exception cref="InvalidDataException">The metadata is not a tokenizer that is known, or contradicts itself.</exception>
    public Tokenizer(TokenizerMetadata metadata)
    {
        Vocabulary = new Vocabulary(metadata);
        _specials = new SpecialTokenSplitter(Vocabulary);
        _guard = new ControlTextGuard(Enumerable.Range(0, Count).Where(Vocabulary.IsHidden).Select(id => metadata.Tokens[id]));
        if (Vocabulary.Type == VocabularyType.WordPiece)
        {
            _wordPiece = new WordPieceEncoder(Vocabulary);
            return;
        }

        _symbols = new SymbolTable(Vocabulary);
        _merges = Vocabulary.Type == VocabularyType.Spm
            ? MergeTable.FromScores(metadata.Tokens, metadata.Scores, _symbols)
            : MergeTable.FromMerges(metadata.Merges, _symbols);
        bool byteLevel = Vocabulary.Pre is { ByteLevel: true };
        if (!byteLevel) _characters = _symbols.Characters();
        for (int b = 0; b < 256; b++)
        {
            _byteSymbols[b] = byteLevel
                ? _symbols.Find([ByteLevel.CharOf((byte)b)])
                : Vocabulary.IdOf(string.Create(CultureInfo.InvariantCulture, $"<0x{b:X2}>"));
        }
    }

    /// <summary>The tokenizer of a model file.</summary>
    /// <exception cref="GgufException">The file's tokenizer is missing, unknown or contradicts itself.</exception>
    public static Tokenizer FromGguf(GgufFile file)
    {
        try
        {
            return new Tokenizer(TokenizerMetadata.Read(file.Metadata));
        }
        catch (InvalidDataException invalid)
        {
            throw new GgufException(file.Path, invalid.Message);
        }
    }

    public Vocabulary Vocabulary { get; }

    /// <summary>Tokens in the vocabulary.</summary>
    public int Count => Vocabulary.Count;

    /// <summary>Whether <paramref name="id"/> ends an answer.</summary>
    public bool IsEndOfGeneration(int id) => Vocabulary.EndOfGenerationIds.Contains(id);

    /// <summary>The bytes that <paramref name="id"/> adds to a text. A control token has none unless <paramref name="special"/>.</summary>
    public ReadOnlySpan<byte> TokenBytes(int id, bool special = false) => !special && Vocabulary.IsHidden(id) ? [] : Vocabulary.BytesOf(id);

    /// <summary>Token ids of <paramref name="text"/>.</summary>
    /// <param name="text">Lone surrogates count as U+FFFD.</param>
    /// <param name="addSpecial">Adds begin and end tokens where the model wants them.</param>
    /// <param name="parseSpecial">Control tokens written out in the text become those tokens. Only for rendered templates, never for a user's words.</param>
    public int[] Encode(string text, bool addSpecial, bool parseSpecial)
    {
        var ids = new List<int>(text.Length / 3 + 4);
        Encode(text, addSpecial, parseSpecial, ids);
        return [.. ids];
    }

    /// <summary>A user's words as they may stand in a text for <see cref="EncodeGuarded"/>: control tokens that they write stay plain text there.</summary>
    public string Guard(string words) => _guard.Guard(words);

    /// <summary>Token ids of a prompt that was made of guarded words and of a template's own text, whose control tokens are parsed.</summary>
    public int[] EncodeGuarded(string prompt)
    {
        var ids = new List<int>(prompt.Length / 3 + 4);
        Encode(prompt, addSpecial: false, parseSpecial: true, ids, isGuarded: true);
        return [.. ids];
    }

    /// <summary>As <see cref="Encode(string, bool, bool)"/>, appended to <paramref name="ids"/>.</summary>
    public void Encode(string text, bool addSpecial, bool parseSpecial, List<int> ids) => Encode(text, addSpecial, parseSpecial, ids, isGuarded: false);

    private void Encode(string text, bool addSpecial, bool parseSpecial, List<int> ids, bool isGuarded)
    {
        text = WellFormed(text);
        if (addSpecial && (Vocabulary.AddBos || _wordPiece is not null) && Vocabulary.Bos >= 0) ids.Add(Vocabulary.Bos);
        bool afterSpecial = true;
        var ends = new List<int>();
        foreach (SpecialTokenSplitter.Fragment fragment in _specials.Split(text, parseSpecial))
        {
            ReadOnlySpan<char> plain = text.AsSpan(fragment.Start, fragment.Length);
            if (fragment.Id >= 0) ids.Add(fragment.Id);
            else EncodePlain(isGuarded ? ControlTextGuard.Unguarded(plain) : plain, afterSpecial, ends, ids);
            afterSpecial = fragment.Id >= 0;
        }

        if (!addSpecial) return;
        if (_wordPiece is not null && Vocabulary.Separator >= 0) ids.Add(Vocabulary.Separator);
        else if (Vocabulary.AddEos) ids.Add(Vocabulary.Eos);
    }

    /// <summary>The text of <paramref name="ids"/>.</summary>
    /// <param name="ids">Ids outside the vocabulary are refused.</param>
    /// <param name="removeSpecial">Leaves out the begin and end tokens that <c>addSpecial</c> added.</param>
    /// <param name="unparseSpecial">Writes control tokens out.</param>
    /// <exception cref="ArgumentOutOfRangeException">An id is outside the vocabulary.</exception>
    public byte[] DecodeBytes(ReadOnlySpan<int> ids, bool removeSpecial = false, bool unparseSpecial = false) =>
        Detokenizer.Decode(Vocabulary, ids, removeSpecial, unparseSpecial);

    /// <summary>As <see cref="DecodeBytes"/>; bytes that are no UTF-8 become U+FFFD.</summary>
    public string Decode(ReadOnlySpan<int> ids, bool removeSpecial = false, bool unparseSpecial = false) =>
        Encoding.UTF8.GetString(DecodeBytes(ids, removeSpecial, unparseSpecial));

    private void EncodePlain(ReadOnlySpan<char> text, bool afterSpecial, List<int> ends, List<int> ids)
    {
        if (_wordPiece is not null)
        {
            _wordPiece.Encode(text, ids);
            return;
        }

        BigramMerger merger = t_merger ??= new BigramMerger();
        if (Vocabulary.Type == VocabularyType.Spm)
        {
            string prefix = Vocabulary.AddSpacePrefix && afterSpecial ? "\u2581" : "";
            MergeCharacters(merger, string.Concat(prefix, text.ToString().Replace(' ', '\u2581')), ids);
        }
        else if (Vocabulary.Pre!.ByteLevel)
        {
            Vocabulary.Pre.Split(text, ends);
            MergeWords(merger, text, ends, ids);
        }
        else
        {
            string escaped = text.ToString().Replace(' ', '\u2581');
            Vocabulary.Pre.Split(escaped, ends);
            int start = 0;
            foreach (int end in ends)
            {
                MergeLine(merger, escaped.AsSpan(start, end - start), ids);
                start = end;
            }
        }
    }

    // A run of line feeds is a token of its own where there is one of that length.
    private void MergeLine(BigramMerger merger, ReadOnlySpan<char> line, List<int> ids)
    {
        int whole = line.IndexOfAnyExcept('\n') < 0 ? Vocabulary.IdOf(line) : -1;
        if (whole >= 0) ids.Add(whole);
        else MergeCharacters(merger, line, ids);
    }

    private void MergeWords(BigramMerger merger, ReadOnlySpan<char> text, List<int> ends, List<int> ids)
    {
        Span<char> letters = stackalloc char[128];
        Span<byte> bytes = stackalloc byte[128];
        int start = 0;
        foreach (int end in ends)
        {
            ReadOnlySpan<char> word = text[start..end];
            start = end;
            byte[]? large = word.Length * 3 > bytes.Length ? new byte[Encoding.UTF8.GetMaxByteCount(word.Length)] : null;
            ReadOnlySpan<byte> utf8 = large is null ? bytes[..Encoding.UTF8.GetBytes(word, bytes)] : large.AsSpan(0, Encoding.UTF8.GetBytes(word, large));
            if (Vocabulary.Pre!.IgnoreMerges && utf8.Length <= letters.Length)
            {
                for (int i = 0; i < utf8.Length; i++) letters[i] = ByteLevel.CharOf(utf8[i]);
                int whole = Vocabulary.IdOf(letters[..utf8.Length]);
                if (whole >= 0)
                {
                    ids.Add(whole);
                    continue;
                }
            }

            merger.Clear();
            foreach (byte b in utf8) merger.Add(_byteSymbols[b]);
            merger.Merge(_merges!);
            foreach (int symbol in merger.Symbols) AddByteLevel(symbol, ids);
        }
    }

    private void AddByteLevel(int symbol, List<int> ids)
    {
        if (symbol < 0) return;
        if (symbol < Count)
        {
            ids.Add(symbol);
            return;
        }

        foreach (char c in _symbols!.ExtraText(symbol))
        {
            if (c < 0x80 && Vocabulary.IdOf([c]) is >= 0 and int id) ids.Add(id);
        }
    }

    private void MergeCharacters(BigramMerger merger, ReadOnlySpan<char> text, List<int> ids)
    {
        merger.Clear();
        foreach (Rune rune in text.EnumerateRunes())
            merger.Add(_characters!.TryGetValue(rune.Value, out int id) ? id : ~rune.Value); // A character that occurs in no token never merges.
        merger.Merge(_merges!);
        foreach (int symbol in merger.Symbols)
        {
            if (symbol >= 0 && symbol < Count) ids.Add(symbol);
            else AddBytes(symbol < 0 ? char.ConvertFromUtf32(~symbol) : _symbols!.ExtraText(symbol), ids);
        }
    }

    private void AddBytes(string text, List<int> ids)
    {
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (_byteSymbols[b] >= 0) ids.Add(_byteSymbols[b]);
            else if (Vocabulary.Unknown >= 0) ids.Add(Vocabulary.Unknown);
        }
    }

    private static string WellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else return string.Concat(text.EnumerateRunes()); // Runes replace lone surrogates.
        }

        return text;
    }
}
