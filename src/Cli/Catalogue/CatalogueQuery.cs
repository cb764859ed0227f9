using Countersign.Protocol.Catalogue;

namespace Countersign.Cli.Catalogue;

/// <summary>Which models are asked for.</summary>
/// <param name="Licence"><c>permissive</c>: only those whose licence is; else any.</param>
/// <param name="Open"><c>weights</c>: only those whose weights can be had; <c>fully</c>: also data and code; else any.</param>
/// <param name="Fits">Whether only those that fit this machine's memory.</param>
/// <param name="Vendor">The maker, or a part of its name; <c>null</c>: any.</param>
internal sealed record CatalogueQuery(string? Licence, string? Open, bool Fits, string? Vendor)
{
    public const int FitContext = 4096;
    public static readonly Quantisation FitForm = Quantisation.Find("Q4_K_M")!;

    public IReadOnlyList<CatalogueModel> Of(ModelCatalogue catalogue, long memoryBytes) => [.. catalogue.Models.Where(model => HasLicence(model) && IsOpen(model) && IsOf(model) && (!Fits || FitsIn(model, memoryBytes)))];

    private bool HasLicence(CatalogueModel model) => Licence != "permissive" || (model.Licence is { } licence && Licences.IsPermissive(licence.Value));

    private bool IsOpen(CatalogueModel model) => Open switch
    {
        "weights" => model.Openness?.Value is Openness.Weights or Openness.Fully,
        "fully" => model.Openness?.Value is Openness.Fully,
        _ => true,
    };

    private bool IsOf(CatalogueModel model) => Vendor is null || model.Vendor.Contains(Vendor, StringComparison.OrdinalIgnoreCase);

    /// <summary>What cannot be downloaded fits nowhere, and what is not known is not promised.</summary>
    private static bool FitsIn(CatalogueModel model, long memoryBytes) =>
        model.Openness?.Value is Openness.Weights or Openness.Fully && MemoryEstimate.Of(model, FitForm, FitContext) is { IsComplete: true } need && need.Total <= memoryBytes;
}
