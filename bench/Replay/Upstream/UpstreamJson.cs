using System.Text.Json.Serialization;

namespace Countersign.Replay.Upstream;

/// <summary>An error as OpenAI's API gives it.</summary>
internal sealed record UpstreamError(UpstreamErrorBody Error);

/// <summary>What is wrong.</summary>
internal sealed record UpstreamErrorBody(string Message, string Type, string Code);

/// <summary>JSON of the upstream's errors.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(UpstreamError))]
internal sealed partial class UpstreamJson : JsonSerializerContext;
