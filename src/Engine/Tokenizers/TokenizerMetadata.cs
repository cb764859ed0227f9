using Countersign.Engine.Gguf;

namespace Countersign.Engine.Tokenizers;

/// <summary>What a GGUF's <c>tokenizer.ggml.*</c> keys say, unread. Token types as in llama.cpp: 1 normal, 2 unknown, 3 control, 4 user defined, 5 unused, 6 byte.</summary>
internal sealed record TokenizerMetadata
{
    /// <summary><c>llama</c> (SPM), <c>gpt2</c> (byte-level BPE), <c>gemma4</c> (BPE over SPM-like text), <c>bert</c> (WordPiece).</summary>
    public required string Model { get; init; }
    public string Pre { get; init; } = "";
    public required IReadOnlyList<string> Tokens { get; init; }
    public IReadOnlyList<int>? TokenTypes { get; init; }
    public IReadOnlyList<float>? Scores { get; init; }
    public IReadOnlyList<string> Merges { get; init; } = [];
    public int? Bos { get; init; }
    public int? Eos { get; init; }
    public int? Eot { get; init; }
    public int? Eom { get; init; }
    public int? Unknown { get; init; }
    public int? Separator { get; init; }
    public int? Padding { get; init; }
    public int? FimPad { get; init; }
    public int? FimRep { get; init; }
    public int? FimSep { get; init; }
    public bool? AddBos { get; init; }
    public bool? AddEos { get; init; }
    public bool? AddSpacePrefix { get; init; }
    public bool? Lowercase { get; init; }
    public bool? StripAccents { get; init; }

    /// <summary><c>general.name</c> and <c>general.architecture</c>: some white-space rules hang on them.</summary>
    public string ModelName { get; init; } = "";
    public string Architecture { get; init; } = "";

    /// <summary>Reads the keys of a file.</summary>
    /// <exception cref="GgufException">A key is missing or has the wrong type.</exception>
    public static TokenizerMetadata Read(GgufMetadata metadata)
    {
        const string Prefix = "tokenizer.ggml.";
        int? Id(string name) => metadata.GetInteger($"{Prefix}{name}_token_id") is long id and >= 0 and <= int.MaxValue ? (int)id : null;
        bool? Flag(string name) => metadata.Contains(Prefix + name) ? metadata.GetBoolean(Prefix + name, false) : null;
        return new TokenizerMetadata
        {
            Model = metadata.GetRequiredString(Prefix + "model"),
            Pre = metadata.GetString(Prefix + "pre") ?? "",
            Tokens = metadata.GetStrings(Prefix + "tokens") ?? throw metadata.Absent(Prefix + "tokens"),
            TokenTypes = metadata.GetInt32s(Prefix + "token_type"),
            Scores = metadata.GetFloats(Prefix + "scores"),
            Merges = metadata.GetStrings(Prefix + "merges") ?? [],
            Bos = Id("bos") ?? Id("cls"),
            Eos = Id("eos"),
            Eot = Id("eot"),
            Eom = Id("eom"),
            Unknown = Id("unknown"),
            Separator = Id("seperator"), // Spelt so in the format.
            Padding = Id("padding"),
            FimPad = Id("fim_pad"),
            FimRep = Id("fim_rep"),
            FimSep = Id("fim_sep"),
            AddBos = Flag("add_bos_token"),
            AddEos = Flag("add_eos_token"),
            AddSpacePrefix = Flag("add_space_prefix"),
            Lowercase = Flag("normalizer.lowercase"),
            StripAccents = Flag("normalizer.strip_accents"),
            ModelName = metadata.GetString("general.name") ?? "",
            Architecture = metadata.GetString("general.architecture") ?? "",
        };
    }
}
