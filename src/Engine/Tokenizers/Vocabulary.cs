using System.Text;

namespace Countersign.Engine.Tokenizers;

/// <summary>How a vocabulary cuts text.</summary>
internal enum VocabularyType { Spm, Bpe, WordPiece }

/// <summary>Tokens, their kinds and their bytes, and the special ids, resolved by llama.cpp's rules.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _idOf;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idOfSpan;
    private readonly byte[] _bytes;
    private readonly int[] _offsets;

    /// <exception cref="InvalidDataException">The metadata names an unknown tokenizer, has no tokens, or its lists disagree in length.</exception>
    public Vocabulary(TokenizerMetadata metadata)
    {
        Type = metadata.Model switch
        {
            "llama" => VocabularyType.Spm,
            "gpt2" or "gemma4" => VocabularyType.Bpe,
            "bert" => VocabularyType.WordPiece,
            _ => throw new InvalidDataException($"Tokenizer model '{metadata.Model}' is not known; llama, gpt2, gemma4 and bert are."),
        };
        Metadata = metadata;
        Pre = Type == VocabularyType.Bpe ? PreTokenizers.Find(metadata.Model == "gemma4" ? "gemma4" : metadata.Pre) : null;
        int count = metadata.Tokens.Count;
        Check(metadata, count);
        _idOf = new Dictionary<string, int>(count, StringComparer.Ordinal);
        _idOfSpan = _idOf.GetAlternateLookup<ReadOnlySpan<char>>();
        for (int i = 0; i < count; i++) _idOf.TryAdd(metadata.Tokens[i], i);
        Attributes = ReadTypes(metadata, count);
        SetSpecialIds(metadata, count);
        EndOfGenerationIds = EndOfGeneration.Find(metadata, text => _idOf.GetValueOrDefault(text, -1), Attributes, Eos);
        ApplyStripRules(metadata);
        (_bytes, _offsets) = Pieces();
    }

    public TokenizerMetadata Metadata { get; }
    public VocabularyType Type { get; }
    public PreTokenizer? Pre { get; }
    public int Count => Attributes.Length;
    public TokenAttributes[] Attributes { get; }
    public int Bos { get; private set; }
    public int Eos { get; private set; }
    public int Unknown { get; private set; }
    public int Separator { get; private set; }
    public bool AddBos { get; private set; }
    public bool AddEos { get; private set; }
    public bool AddSpacePrefix { get; private set; }
    public bool CleanSpaces { get; private set; }

    /// <summary>Whether a space is written U+2581 in the vocabulary.</summary>
    public bool EscapesSpaces => Type == VocabularyType.Spm || Pre is { ByteLevel: false };
    public HashSet<int> EndOfGenerationIds { get; }

    /// <summary>The id of the token with exactly this text, or -1.</summary>
    public int IdOf(ReadOnlySpan<char> text) => _idOfSpan.TryGetValue(text, out int id) ? id : -1;

    public ReadOnlySpan<byte> BytesOf(int id) => _bytes.AsSpan(_offsets[id], _offsets[id + 1] - _offsets[id]);

    public bool IsHidden(int id) => (Attributes[id] & (TokenAttributes.Control | TokenAttributes.Unknown)) != 0;

    private static void Check(TokenizerMetadata metadata, int count)
    {
        if (count == 0) throw new InvalidDataException("tokenizer.ggml.tokens is empty.");
        if (metadata.TokenTypes is { } types && types.Count < count)
            throw new InvalidDataException($"tokenizer.ggml.token_type has {types.Count} entries for {count} tokens.");
        if (metadata.Scores is { } scores && scores.Count < count)
            throw new InvalidDataException($"tokenizer.ggml.scores has {scores.Count} entries for {count} tokens.");
        if (metadata.Model == "gpt2" && metadata.Merges.Count == 0) throw new InvalidDataException("tokenizer.ggml.merges is missing; a BPE vocabulary needs it.");
    }

    private static TokenAttributes[] ReadTypes(TokenizerMetadata metadata, int count)
    {
        var attributes = new TokenAttributes[count];
        for (int i = 0; i < count; i++)
        {
            attributes[i] = (metadata.TokenTypes?[i] ?? 1) switch
            {
                1 => TokenAttributes.Normal,
                2 => TokenAttributes.Unknown,
                3 => TokenAttributes.Control,
                4 => TokenAttributes.UserDefined,
                5 => TokenAttributes.Unused,
                6 => TokenAttributes.Byte,
                _ => TokenAttributes.None,
            };
        }

        return attributes;
    }

    private void SetSpecialIds(TokenizerMetadata metadata, int count)
    {
        (int bos, int eos, int unknown, int separator) = (Type, metadata.Model) switch
        {
            (VocabularyType.Spm, _) => (1, 2, 0, -1),
            (VocabularyType.WordPiece, _) => (101, -1, 100, 102),
            (_, "gemma4") => (-1, -1, -1, -1),
            _ => (Pre!.HasDefaultBos ? 11 : -1, 11, -1, -1),
        };
        int Valid(int? given, int otherwise) => given is int id && (uint)id < (uint)count ? id : otherwise < count ? otherwise : -1;
        Bos = Valid(metadata.Bos, bos);
        Eos = Valid(metadata.Eos, eos);
        Unknown = Valid(metadata.Unknown, unknown);
        Separator = Valid(metadata.Separator, separator);
        AddBos = (metadata.AddBos ?? (Type != VocabularyType.Bpe || Pre!.AddBos)) && Bos >= 0;
        AddEos = (metadata.AddEos ?? false) && Eos >= 0;
        AddSpacePrefix = metadata.AddSpacePrefix ?? Type == VocabularyType.Spm;
        CleanSpaces = Type == VocabularyType.WordPiece || Pre is { CleanSpaces: true };
    }

    // GGUF has no key for these; llama.cpp knows them by the model's name.
    private void ApplyStripRules(TokenizerMetadata metadata)
    {
        string name = metadata.ModelName.ToLowerInvariant();
        if (metadata.Pre is "jina-v2-de" or "jina-v2-es" or "jina-v2-code" || metadata.Architecture is "nomic-bert-moe" or "jina-bert-v3")
            Mark("<mask>", TokenAttributes.LeftStrip);
        else if (name.Contains("phi-3", StringComparison.Ordinal) || name.Contains("phi3", StringComparison.Ordinal))
            StripAfterPhi3Specials();
        else if (name.Contains("modern-bert", StringComparison.Ordinal))
            Mark("[MASK]", TokenAttributes.LeftStrip);
    }

    private void StripAfterPhi3Specials()
    {
        const TokenAttributes Special = TokenAttributes.Control | TokenAttributes.UserDefined | TokenAttributes.Unknown;
        for (int i = 0; i < Attributes.Length; i++)
        {
            if ((Attributes[i] & Special) != 0) Attributes[i] |= TokenAttributes.RightStrip;
        }

        Mark("</s>", TokenAttributes.RightStrip);
        foreach (string text in (ReadOnlySpan<string>)["<unk>", "<s>", "<|endoftext|>"])
        {
            if (IdOf(text) is >= 0 and int id) Attributes[id] &= ~TokenAttributes.RightStrip;
        }
    }

    private void Mark(string text, TokenAttributes attribute)
    {
        if (IdOf(text) is >= 0 and int id) Attributes[id] |= attribute;
    }

    private (byte[] Bytes, int[] Offsets) Pieces()
    {
        var bytes = new MemoryStream();
        var offsets = new int[Count + 1];
        for (int id = 0; id < Count; id++)
        {
            bytes.Write(PieceOf(Metadata.Tokens[id], Attributes[id]));
            offsets[id + 1] = checked((int)bytes.Length);
        }

        return (bytes.ToArray(), offsets);
    }

    private byte[] PieceOf(string text, TokenAttributes attributes)
    {
        if ((attributes & (TokenAttributes.Control | TokenAttributes.Unknown | TokenAttributes.UserDefined)) != 0) return Encoding.UTF8.GetBytes(text);
        if ((attributes & TokenAttributes.Byte) != 0) return [ByteTokenValue(text)];
        if ((attributes & TokenAttributes.Normal) == 0) return [];
        return Type == VocabularyType.Bpe && Pre!.ByteLevel ? ByteLevelPiece(text) : Encoding.UTF8.GetBytes(text.Replace('\u2581', ' '));
    }

    private static byte[] ByteLevelPiece(string text)
    {
        var bytes = new byte[text.Length];
        for (int i = 0; i < text.Length; i++)
        {
            int value = ByteLevel.ByteOf(text[i]);
            if (value < 0) return Encoding.UTF8.GetBytes(text); // Not written in the byte alphabet: taken as it is.
            bytes[i] = (byte)value;
        }

        return bytes;
    }

    private static byte ByteTokenValue(string text) =>
        text.Length == 6 && byte.TryParse(text.AsSpan(3, 2), System.Globalization.NumberStyles.HexNumber, null, out byte value)
            ? value
            : throw new InvalidDataException($"Token '{text}' is typed as a byte but is not written <0xNN>.");
}
