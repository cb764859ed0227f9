using System.Text.Json.Serialization;
using Countersign.Cascade.Money;
using Countersign.Cascade.Validators;
using Countersign.Gateway.Access;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Ledger;

/// <summary>JSON of what the ledger keeps and shows.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(StoredRequest))]
[JsonSerializable(typeof(Outcome))]
[JsonSerializable(typeof(StoredOutcome))]
[JsonSerializable(typeof(StoredThinking))]
[JsonSerializable(typeof(StoredPromptCache))]
[JsonSerializable(typeof(ModelPolicy))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(IReadOnlyList<Price>), GenerationMode = JsonSourceGenerationMode.Serialization)] // Written at the start and never read: metadata for it would be made in vain.
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<Finding>))]
internal sealed partial class LedgerJson : JsonSerializerContext;
