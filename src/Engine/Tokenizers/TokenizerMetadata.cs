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
}
