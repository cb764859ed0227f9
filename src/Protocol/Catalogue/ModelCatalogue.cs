using System.Collections.Frozen;
using System.Text.Json;
using Countersign.Protocol.Dialects.Efforts;

namespace Countersign.Protocol.Catalogue;

/// <summary>What is known of models. Shipped as data with this assembly; SOURCE.md beside it says how it was made.</summary>
public sealed class ModelCatalogue
{
    private static readonly string[] Precisions = [.. Quantisation.All.Select(form => ModelNames.Plain(form.Name)).Concat(["fp8", "nvfp4", "awq", "gguf", "tee"]).SelectMany(form => new[] { $"-{form}", $".{form}" })];

    private readonly FrozenDictionary<string, CatalogueModel> byName;

    internal ModelCatalogue(CatalogueFile file)
    {
        (Made, Sources, Models) = (file.Made, file.Sources, file.Models);
        byName = file.Models.SelectMany(model => model.Names.Prepend(model.Id), (model, name) => (model, name)).ToFrozenDictionary(row => row.name, row => row.model, StringComparer.Ordinal);
    }

    /// <summary>The catalogue of this version.</summary>
    public static ModelCatalogue Shipped { get; } = Load();

    /// <summary>When its facts were gathered.</summary>
    public DateOnly Made { get; }

    /// <summary>What the keys of sources stand for.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; }

    /// <summary>The models, a maker's together.</summary>
    public IReadOnlyList<CatalogueModel> Models { get; }

    /// <summary>The model of a name as makers, hosts and files write it, such as <c>Qwen/Qwen3-30B-A3B-FP8</c>; <c>null</c> where it is not listed.
    /// Only the precision may be left out of a name: a fine-tune is another model, with facts of its own.</summary>
    public CatalogueModel? Find(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string plain = ModelNames.Plain(name);
        if (byName.TryGetValue(plain, out var model)) return model;
        string? precision = Precisions.FirstOrDefault(ending => plain.EndsWith(ending, StringComparison.Ordinal));
        return precision is null ? null : byName.GetValueOrDefault(plain[..^precision.Length]);
    }

    /// <summary>Models as the catalogue's file has them: a JSON array.</summary>
    public static string ToJson(IEnumerable<CatalogueModel> models) => JsonSerializer.Serialize([.. models], CatalogueJson.Default.IReadOnlyListCatalogueModel);

    private static ModelCatalogue Load()
    {
        using var stream = typeof(ModelCatalogue).Assembly.GetManifestResourceStream("Countersign.Protocol.models.json")!;
        return new ModelCatalogue(JsonSerializer.Deserialize(stream, CatalogueJson.Default.CatalogueFile)!);
    }
}
