namespace Countersign.Gateway.Telemetry;

/// <summary>Names of OpenTelemetry's semantic conventions for generative AI (status: development), as of version 1.37.0; the one place where they stand.
/// https://opentelemetry.io/docs/specs/semconv/gen-ai/</summary>
internal static class GenAiNames
{
    public const string OperationDuration = "gen_ai.client.operation.duration";
    public const string TokenUsage = "gen_ai.client.token.usage";
    public const string ServerRequestDuration = "gen_ai.server.request.duration";
    public const string TimeToFirstToken = "gen_ai.server.time_to_first_token";

    public const string OperationName = "gen_ai.operation.name";
    public const string ProviderName = "gen_ai.provider.name";
    public const string RequestModel = "gen_ai.request.model";
    public const string ResponseModel = "gen_ai.response.model";
    public const string TokenType = "gen_ai.token.type";
    public const string InputTokens = "gen_ai.usage.input_tokens";
    public const string OutputTokens = "gen_ai.usage.output_tokens";
    public const string FinishReasons = "gen_ai.response.finish_reasons";
    public const string ErrorType = "error.type";

    public const string Chat = "chat";
    public const string Embeddings = "embeddings";
    public const string TextCompletion = "text_completion";
}
