using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Cascade.Validators.Facts;
using Countersign.Cascade.Validators.Structure;
using Countersign.Cascade.Validators.Texts;

namespace Countersign.Cascade.Validators;

/// <summary>Reads the options of every kind of validator: snake_case names, an unknown one is an error.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(SchemaSourceConverter), typeof(QuoteInputConverter), typeof(LengthUnitConverter)])]
[JsonSerializable(typeof(SchemaCheckOptions))]
[JsonSerializable(typeof(ToolCallOptions))]
[JsonSerializable(typeof(QuotesOptions))]
[JsonSerializable(typeof(ExpressionOptions))]
[JsonSerializable(typeof(PatternOptions))]
[JsonSerializable(typeof(ContainsOptions))]
[JsonSerializable(typeof(ForbidsOptions))]
[JsonSerializable(typeof(LengthOptions))]
[JsonSerializable(typeof(RefusalOptions))]
[JsonSerializable(typeof(RepetitionOptions))]
[JsonSerializable(typeof(LanguageOptions))]
[JsonSerializable(typeof(ConfidenceOptions))]
internal sealed partial class ValidatorJson : JsonSerializerContext
{
    /// <summary>Writes sources in lower case.</summary>
    internal sealed class QuoteInputConverter() : JsonStringEnumConverter<QuoteInput>(JsonNamingPolicy.SnakeCaseLower);

    internal sealed class SchemaSourceConverter() : JsonStringEnumConverter<SchemaSource>(JsonNamingPolicy.SnakeCaseLower);

    /// <summary>Writes units in lower case.</summary>
    internal sealed class LengthUnitConverter() : JsonStringEnumConverter<LengthUnit>(JsonNamingPolicy.SnakeCaseLower);
}
