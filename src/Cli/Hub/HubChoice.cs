using System.Text;
using Countersign.Cli.Catalogue;
using Countersign.Engine;

namespace Countersign.Cli.Hub;

/// <summary>Which of a repository's models is meant.</summary>
internal static class HubChoice
{
    /// <summary>What is taken where none is named: first what loses little at a third of the size, then what is nearest to it.</summary>
    private static readonly string[] Defaults = ["Q4_K_M", "UD-Q4_K_XL", "Q4_K_S", "MXFP4", "MXFP4_MOE", "Q4_1", "Q4_0", "Q5_K_M", "Q6_K", "Q8_0", "BF16", "F16", "F32"];

    /// <summary>The model that <paramref name="reference"/> names, or the default one.</summary>
    /// <exception cref="HubException">There is none, or several; the message lists what there is.</exception>
    public static HubModel Choose(HubReference reference, IReadOnlyList<HubModel> models)
    {
        if (models.Count == 0) throw new HubException($"{reference.Repository} holds no GGUF files. Look for a repository of the same model with GGUF in its name.");
        var found = reference.Wanted is { } wanted ? Named(wanted, models) : Default(models);
        if (found is not [var model])
        {
            string said = reference.Wanted is null ? "None of its quantisations is a usual one" : found.Count == 0 ? $"{reference.Repository} has no '{reference.Wanted}'" : $"Several models of {reference.Repository} match '{reference.Wanted}'";
            throw new HubException($"{said}. Name one of these, as in {reference.Repository}:{models[0].Quantisation ?? models[0].Name}:{List(models)}");
        }

        if (!model.IsWhole) throw new HubException($"{model.Name} is split into {model.Parts} files, of which {reference.Repository} has {model.Files.Count}. Nothing was pulled.");
        if (model.Files.FirstOrDefault(file => file.Sha256 is null) is { } bare) throw new HubException($"The hub publishes no SHA-256 of {bare.Path}, so that it cannot be verified. Nothing was pulled.");
        return model;
    }

    /// <summary>Why a model that the engine cannot read is not pulled, and what could be.</summary>
    public static string Unread(HubReference reference, HubModel model, IReadOnlyList<HubModel> models)
    {
        var read = models.Where(other => other.IsRead).ToList();
        string other = read.Count == 0 ? $"{reference.Repository} has no other" : $"Name one of these, as in {reference.Repository}:{read[0].Quantisation ?? read[0].Name}:{List(read)}\n";
        return $"The engine does not compute with weights in {model.Quantisation}: it reads {string.Join(", ", WeightFormats.Names)}. {other}{(read.Count == 0 ? "; " : "or ")}--anyway pulls it for another server. Nothing was pulled.";
    }

    private static HubModel[] Named(string wanted, IReadOnlyList<HubModel> models)
    {
        string name = wanted.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase) ? wanted[..^".gguf".Length] : wanted;
        HubModel[] byName = [.. models.Where(model => model.Name == name || model.Name.EndsWith("/" + name, StringComparison.Ordinal))];
        return byName.Length > 0 ? byName : [.. models.Where(model => wanted.Equals(model.Quantisation, StringComparison.OrdinalIgnoreCase))];
    }

    private static IReadOnlyList<HubModel> Default(IReadOnlyList<HubModel> models) => models.Count == 1
        ? models
        : Defaults.Select(usual => models.Where(model => model.Quantisation == usual).ToList()).FirstOrDefault(found => found.Count > 0) ?? [];

    private static string List(IReadOnlyList<HubModel> models)
    {
        var list = new StringBuilder();
        int width = models.Max(model => model.Quantisation?.Length ?? 1);
        foreach (var model in models) list.Append($"\n  {(model.Quantisation ?? "-").PadRight(width)}  {CatalogueText.Bytes((long)Math.Min(model.Size, long.MaxValue)),9}  {model.Name}{(model.Parts > 1 ? $" ({model.Parts} files)" : "")}{(model.IsRead ? "" : " (not read by the engine)")}");
        return list.ToString();
    }
}
