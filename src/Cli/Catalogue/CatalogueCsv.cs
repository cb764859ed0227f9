using Countersign.Protocol.Catalogue;

namespace Countersign.Cli.Catalogue;

/// <summary>The listing as comma-separated values (RFC 4180), in the columns of the table.</summary>
internal static class CatalogueCsv
{
    public static string Write(IEnumerable<CatalogueModel> models, DateOnly day) => Csv.Text([Csv.Line(CatalogueText.Head), .. models.Select(model => Csv.Line(CatalogueText.Row(model, day)))]);
}
