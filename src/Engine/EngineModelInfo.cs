using Countersign.Engine.Gguf;
using Countersign.Engine.Models;
using Countersign.Engine.Tokenizers;

namespace Countersign.Engine;

/// <summary>What a GGUF file says about its model. Read from the header alone; no weights are touched.</summary>
public sealed record EngineModelInfo
{
    /// <summary>The file's name without its ending; a split model's without its part number.</summary>
    public required string Name { get; init; }

    /// <summary>The file, or the first part of a split model.</summary>
    public required string Path { get; init; }

    /// <summary>Bytes of all parts together.</summary>
    public required long FileBytes { get; init; }

    /// <summary><c>general.architecture</c>, such as <c>qwen3</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The format of most of the weights, such as <c>Q4_K_M</c> or <c>Q8_0</c>.</summary>
    public required string Quantisation { get; init; }

    /// <summary>Formats of weights in the file that the engine does not read; a file with any cannot be loaded.</summary>
    public required IReadOnlyList<string> UnreadFormats { get; init; }

    /// <summary>How many weights.</summary>
    public required long Parameters { get; init; }

    /// <summary><c>general.license</c>, or null where the file names none.</summary>
    public string? License { get; init; }

    /// <summary>Tokens that the model was made for.</summary>
    public required int ContextLength { get; init; }

    /// <summary>Length of the model's vectors.</summary>
    public required int Width { get; init; }

    /// <summary>Tokens of the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Whether the model gives vectors and no text.</summary>
    public required bool IsEmbedding { get; init; }

    /// <summary>The chat template (Jinja), or null.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Further chat templates by name, such as <c>tool_use</c>.</summary>
    public required IReadOnlyDictionary<string, string> NamedChatTemplates { get; init; }

    /// <summary>The begin token's id and text; null where there is none.</summary>
    public SpecialToken? Bos { get; init; }

    /// <summary>The end token's id and text; null where there is none.</summary>
    public SpecialToken? Eos { get; init; }

    /// <summary>All tokens that end an answer.</summary>
    public required IReadOnlyList<SpecialToken> EndOfGeneration { get; init; }

    /// <summary>Whether a text that is not a rendered template begins with <see cref="Bos"/>.</summary>
    public required bool AddsBos { get; init; }

    /// <summary>Reads the header of a file.</summary>
    /// <exception cref="EngineException">It is missing, damaged, or of an unknown architecture.</exception>
    public static EngineModelInfo Read(string path) => EngineErrors.Translated(() =>
    {
        using GgufFile file = GgufFile.Open(path);
        return Read(file, Architectures.Read(file, 0), Tokenizer.FromGguf(file));
    });

    internal static EngineModelInfo Read(GgufFile file, ModelShape shape, Tokenizer tokenizer)
    {
        Vocabulary vocabulary = tokenizer.Vocabulary;
        return new EngineModelInfo
        {
            Name = NameOf(file.Path),
            Path = file.Path,
            FileBytes = file.ByteCount,
            Architecture = shape.Architecture,
            Quantisation = QuantisationOf(file),
            UnreadFormats = WeightFormats.UnreadIn(file),
            Parameters = file.Tensors.Sum(static tensor => tensor.ElementCount),
            License = file.Metadata.GetString("general.license"),
            ContextLength = shape.TrainedContextLength,
            Width = shape.Width,
            VocabularySize = vocabulary.Count,
            IsEmbedding = shape.Pooling != PoolingKind.None,
            ChatTemplate = file.Metadata.GetString("tokenizer.chat_template"),
            NamedChatTemplates = TemplatesOf(file.Metadata),
            Bos = TokenOf(vocabulary, vocabulary.Bos),
            Eos = TokenOf(vocabulary, vocabulary.Eos),
            EndOfGeneration = [.. vocabulary.EndOfGenerationIds.Order().Select(id => TokenOf(vocabulary, id)!)],
            AddsBos = vocabulary.AddBos,
        };
    }

    /// <summary>A model's name from its file's: <c>NAME.gguf</c> or <c>NAME-00001-of-0000N.gguf</c>.</summary>
    internal static string NameOf(string path)
    {
        string name = System.IO.Path.GetFileNameWithoutExtension(path);
        int part = name.LastIndexOf("-00001-of-", StringComparison.Ordinal);
        return part > 0 && part == name.Length - 15 ? name[..part] : name;
    }

    private static SpecialToken? TokenOf(Vocabulary vocabulary, int id) => id < 0 ? null : new SpecialToken(id, vocabulary.Metadata.Tokens[id]);

    private static Dictionary<string, string> TemplatesOf(GgufMetadata metadata)
    {
        const string Prefix = "tokenizer.chat_template.";
        return metadata.Keys.Where(static key => key.StartsWith(Prefix, StringComparison.Ordinal)).ToDictionary(static key => key[Prefix.Length..], key => metadata.GetString(key)!, StringComparer.Ordinal);
    }

    private static string QuantisationOf(GgufFile file)
    {
        string? name = file.Metadata.GetInt32("general.file_type", -1) switch
        {
            10 => "Q2_K",
            11 => "Q3_K_S",
            12 => "Q3_K_M",
            13 => "Q3_K_L",
            14 => "Q4_K_S",
            15 => "Q4_K_M",
            16 => "Q5_K_S",
            17 => "Q5_K_M",
            _ => null,
        };
        return name ?? file.Tensors.GroupBy(static tensor => tensor.Type).MaxBy(static group => group.Sum(static tensor => tensor.ElementCount))?.Key.ToString() ?? "unknown";
    }
}

/// <summary>A token with a meaning of its own, and its text.</summary>
public sealed record SpecialToken(int Id, string Text);
