using Countersign.Protocol.Catalogue;

namespace Countersign.Cli.Catalogue;

/// <summary>The listing as comma-separated values (RFC 4180), in the columns of the table.</summary>
internal static class CatalogueCsv
{
    public static string Write(IEnumerable<CatalogueModel> models, DateOnly day) => string.Join("\r\n", [Line(CatalogueText.Head), .. models.Select(model => Line(CatalogueText.Row(model, day))), ""]);

    private static string Line(IEnumerable<string> fields) => string.Join(',', fields.Select(Field));

    private static string Field(string text) => text.AsSpan().ContainsAny(',', '"', '\n') ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
