using System.Text.RegularExpressions;
using Countersign.Engine;

namespace Countersign.Cli.Hub;

/// <summary>One model of a repository, in one quantisation: a file, or all parts of a split one.</summary>
/// <param name="Name">The file's path without its ending and part number.</param>
/// <param name="Quantisation">As the name tells it, such as <c>Q4_K_M</c>; <c>null</c> where it tells none.</param>
/// <param name="Files">The file, or the parts in their order.</param>
/// <param name="Parts">How many files make the model whole.</param>
internal sealed partial record HubModel(string Name, string? Quantisation, IReadOnlyList<HubFile> Files, int Parts)
{
    public bool IsWhole => Files.Count == Parts && (Parts == 1 || Files.Index().All(part => part.Item.Name.Contains($"-{part.Index + 1:00000}-of-", StringComparison.Ordinal)));

    /// <summary>Whether the engine computes with such weights; where the name tells nothing, that is seen when it is loaded.</summary>
    public bool IsRead => Quantisation is null || WeightFormats.Reads(Quantisation);

    public decimal Size => Files.Sum(file => (decimal)file.Size);

    /// <summary>The models that the files are, sorted by name. Vision projectors and importance matrices are none.</summary>
    public static IReadOnlyList<HubModel> Group(IEnumerable<HubFile> files) =>
    [
        .. files.Where(file => !Companion().IsMatch(file.Name)).GroupBy(file => (Name: PartOf().Replace(file.Path[..^".gguf".Length], ""), Parts: PartsOf(file)))
            .Select(model => new HubModel(model.Key.Name, QuantisationOf(model.Key.Name), [.. model.OrderBy(file => file.Path, StringComparer.Ordinal)], model.Key.Parts))
            .OrderBy(model => model.Name, StringComparer.Ordinal),
    ];

    private static int PartsOf(HubFile file) => PartOf().Match(file.Path[..^".gguf".Length]) is { Success: true } part ? int.Parse(part.Groups["of"].ValueSpan) : 1;

    /// <summary>The file's name ends with it; where not, the name of its folder.</summary>
    private static string? QuantisationOf(string name) =>
        name.Split('/').Reverse().Take(2).Select(part => Ending().Match(part)).FirstOrDefault(match => match.Success)?.Groups["quantisation"].Value.ToUpperInvariant();

    [GeneratedRegex(@"-[0-9]{5}-of-(?<of>[0-9]{5})\z")]
    private static partial Regex PartOf();

    [GeneratedRegex(@"(?:\A|[-._])(?<quantisation>(?:UD-)?(?:I?Q|TQ)[0-9](?:_[0-9A-Z]+)*|BF16|F16|FP16|F32|MXFP4(?:_MOE)?)\z", RegexOptions.IgnoreCase)]
    private static partial Regex Ending();

    [GeneratedRegex("mmproj|imatrix", RegexOptions.IgnoreCase)]
    private static partial Regex Companion();
}
