using System.Text.Json;
using System.Text.Json.Serialization;

namespace Countersign.Protocol.Catalogue;

/// <summary>The file <c>models.json</c>.</summary>
internal sealed record CatalogueFile(DateOnly Made, IReadOnlyDictionary<string, string> Sources, IReadOnlyList<CatalogueModel> Models);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, NewLine = "\n", DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Converters = [typeof(OpennessConverter), typeof(ToolsConverter)])]
[JsonSerializable(typeof(CatalogueFile))]
internal sealed partial class CatalogueJson : JsonSerializerContext
{
    internal sealed class OpennessConverter() : JsonStringEnumConverter<Openness>(JsonNamingPolicy.SnakeCaseLower);

    internal sealed class ToolsConverter() : JsonStringEnumConverter<ToolAbility>(JsonNamingPolicy.SnakeCaseLower);
}
