using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.Cascade.Validators.Command;
using Countersign.Cascade.Validators.Judge;
using Countersign.Cascade.Validators.Webhook;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators;

/// <summary>JSON of the options of validators that ask somebody else. Unknown members are refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    Converters = [typeof(ThinkingLevelConverter)])]
[JsonSerializable(typeof(JudgeOptions))]
[JsonSerializable(typeof(CommandOptions))]
[JsonSerializable(typeof(WebhookOptions))]
internal sealed partial class AskingValidatorJson : JsonSerializerContext
{
    /// <summary>Writes levels in lower case.</summary>
    internal sealed class ThinkingLevelConverter() : JsonStringEnumConverter<ThinkingLevel>(JsonNamingPolicy.SnakeCaseLower);
}
