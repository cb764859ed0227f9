using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using AI = Microsoft.Extensions.AI;

namespace Countersign.Cascade.ChatClients;

/// <summary>Settings in the words of <c>Microsoft.Extensions.AI</c>, and back. What those have no word for is warned of.</summary>
internal static class ClientOptions
{
    private static readonly JsonElement AnyObject = JsonSerializer.Deserialize("""{"type":"object"}""", AI.AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(JsonElement))) is JsonElement schema ? schema : default;

    public static AI.ChatOptions Of(ChatRequest request, string? model, RequestTrace trace)
    {
        if (request.Logprobs) trace.Warn("A chat client gives no log-probabilities: logprobs is left out.");
        if (request.ChoiceCount > 1) trace.Warn("A chat client gives one choice: n is left out.");
        foreach (string name in request.Extra.Keys) trace.Warn($"A chat client cannot be given '{name}': it is left out.");
        return new AI.ChatOptions
        {
            ModelId = model,
            Temperature = (float?)request.Temperature,
            TopP = (float?)request.TopP,
            TopK = request.TopK,
            FrequencyPenalty = (float?)request.FrequencyPenalty,
            PresencePenalty = (float?)request.PresencePenalty,
            MaxOutputTokens = request.MaxOutputTokens,
            Seed = request.Seed,
            StopSequences = request.Stop.Count > 0 ? [.. request.Stop] : null,
            ResponseFormat = FormatOf(request.ResponseFormat),
            Reasoning = request.Thinking?.Level is { } level ? new AI.ReasoningOptions { Effort = EffortOf(level) } : null,
            AllowMultipleToolCalls = request.ParallelToolCalls,
            Tools = request.Tools.Count > 0 ? [.. request.Tools.Select(tool => AI.AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, tool.Parameters ?? AnyObject))] : null,
            ToolMode = ModeOf(request.ToolChoice),
        };
    }

    public static ChatRequest From(string route, IEnumerable<AI.ChatMessage> messages, AI.ChatOptions? options, bool stream) => new()
    {
        Api = WireApiKind.OpenAiChat,
        Model = route,
        Messages = [.. options?.Instructions is { } instructions ? [ChatMessage.Of(ChatRole.System, instructions)] : Array.Empty<ChatMessage>(), .. ClientMessages.From(messages)],
        Temperature = options?.Temperature,
        TopP = options?.TopP,
        TopK = options?.TopK,
        FrequencyPenalty = options?.FrequencyPenalty,
        PresencePenalty = options?.PresencePenalty,
        MaxOutputTokens = options?.MaxOutputTokens,
        Seed = options?.Seed,
        Stop = [.. options?.StopSequences ?? []],
        ResponseFormat = FormatFrom(options?.ResponseFormat),
        Thinking = options?.Reasoning?.Effort is { } effort ? new Thinking(LevelFrom(effort)) : null,
        ParallelToolCalls = options?.AllowMultipleToolCalls,
        Tools = [.. (options?.Tools ?? []).Select(ToolFrom)],
        ToolChoice = ChoiceFrom(options?.ToolMode),
        Stream = stream,
    };

    private static AI.ChatResponseFormat? FormatOf(ResponseFormat? format) => format switch
    {
        { Kind: ResponseFormatKind.JsonSchema, Schema: { } schema } => AI.ChatResponseFormat.ForJsonSchema(schema, format.Name),
        { Kind: ResponseFormatKind.JsonObject or ResponseFormatKind.JsonSchema } => AI.ChatResponseFormat.Json,
        { Kind: ResponseFormatKind.Text } => AI.ChatResponseFormat.Text,
        _ => null,
    };

    private static ResponseFormat? FormatFrom(AI.ChatResponseFormat? format) => format switch
    {
        AI.ChatResponseFormatJson { Schema: { } schema } json => new ResponseFormat(ResponseFormatKind.JsonSchema, json.SchemaName, schema),
        AI.ChatResponseFormatJson => new ResponseFormat(ResponseFormatKind.JsonObject),
        AI.ChatResponseFormatText => new ResponseFormat(ResponseFormatKind.Text),
        _ => null,
    };

    private static ToolDefinition ToolFrom(AI.AITool tool) => tool is AI.AIFunctionDeclaration function
        ? new ToolDefinition { Name = function.Name, Description = function.Description, Parameters = function.JsonSchema }
        : throw ProblemException.Invalid($"A cascade cannot carry the tool '{tool.Name}': it is no function.", "tools");

    private static AI.ChatToolMode? ModeOf(ToolChoice? choice) => choice switch
    {
        { Mode: ToolChoiceMode.Named, Name: { } name } => AI.ChatToolMode.RequireSpecific(name),
        { Mode: ToolChoiceMode.Required or ToolChoiceMode.Named } => AI.ChatToolMode.RequireAny,
        { Mode: ToolChoiceMode.None } => AI.ChatToolMode.None,
        { Mode: ToolChoiceMode.Auto } => AI.ChatToolMode.Auto,
        _ => null,
    };

    private static ToolChoice? ChoiceFrom(AI.ChatToolMode? mode) => mode switch
    {
        AI.RequiredChatToolMode { RequiredFunctionName: { } name } => new ToolChoice(ToolChoiceMode.Named, name),
        AI.RequiredChatToolMode => new ToolChoice(ToolChoiceMode.Required),
        AI.NoneChatToolMode => new ToolChoice(ToolChoiceMode.None),
        AI.AutoChatToolMode => new ToolChoice(ToolChoiceMode.Auto),
        _ => null,
    };

    private static AI.ReasoningEffort EffortOf(ThinkingLevel level) => level switch
    {
        ThinkingLevel.Off => AI.ReasoningEffort.None,
        ThinkingLevel.Minimal or ThinkingLevel.Low => AI.ReasoningEffort.Low,
        ThinkingLevel.Medium => AI.ReasoningEffort.Medium,
        ThinkingLevel.High => AI.ReasoningEffort.High,
        _ => AI.ReasoningEffort.ExtraHigh,
    };

    private static ThinkingLevel LevelFrom(AI.ReasoningEffort effort) => effort switch
    {
        AI.ReasoningEffort.None => ThinkingLevel.Off,
        AI.ReasoningEffort.Low => ThinkingLevel.Low,
        AI.ReasoningEffort.Medium => ThinkingLevel.Medium,
        AI.ReasoningEffort.High => ThinkingLevel.High,
        _ => ThinkingLevel.Max,
    };
}
