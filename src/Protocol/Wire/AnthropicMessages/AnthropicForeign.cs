using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire.OpenAiResponses;

namespace Countersign.Protocol.Wire.AnthropicMessages;

/// <summary>What becomes of a request of OpenAI's APIs where it has no equal here: refused where the answer would be another one, else named in a warning.</summary>
internal static class AnthropicForeign
{
    private const string Api = "Anthropic's";

    /// <summary>Goes through the fields that cannot be carried.</summary>
    /// <exception cref="ProblemException">One of them must not be dropped.</exception>
    public static void Check(ChatRequest request, ICollection<string> warnings)
    {
        if (request.ChoiceCount > 1) throw ProblemException.Invalid("'n' above 1 cannot be carried to the model asked, whose server speaks Anthropic's API: ask once for each.", "n");
        ForeignFields.Check(request, Api, IsGivenOut, warnings);
        warnings.LeftOutSampling(request, Api);
        if (request.Logprobs) warnings.LeftOut("logprobs", Api);
        if (request.PromptCacheKey is not null) warnings.LeftOut("prompt_cache_key", Api);
        if (request.ResponseFormat is { Kind: ResponseFormatKind.JsonObject } or { Kind: ResponseFormatKind.JsonSchema, Schema: null })
            warnings.Once("response_format: Anthropic's API enforces a schema only; JSON was asked for by an instruction.");
        if (request.ResponseFormat is { Schema: not null, Strict: false }) warnings.Once("response_format.strict: Anthropic's API enforces every schema; false was not followed.");
        if (request.ResponseFormat?.Description is not null) warnings.LeftOut("response_format.description", Api);
    }

    /// <summary>Whether the answer has what a field asks for without its being sent: sealed reasoning.</summary>
    private static bool IsGivenOut(string name) => name == ResponsesInclude.SealsField;

    /// <summary>The thinking to ask for. This API refuses it beside a forced tool, and within a tool loop whose earlier thoughts, sealed, did not come along.</summary>
    public static Thinking? Thinking(ChatRequest request, int maxTokens, ICollection<string> warnings)
    {
        if (request.Thinking is not { } thinking || thinking.Level == ThinkingLevel.Off) return request.Thinking;
        if (ThinkingObstacle(request) is { } why) return Off(why, warnings);
        if (thinking.BudgetTokens is not { } budget) return thinking;
        int fitting = Math.Clamp(budget, AnthropicThinking.LeastBudget, Math.Max(AnthropicThinking.LeastBudget, maxTokens - 1));
        if (maxTokens <= AnthropicThinking.LeastBudget) return Off($"max_tokens leaves less than {AnthropicThinking.LeastBudget} tokens for it", warnings);
        if (fitting != budget) warnings.Once($"thinking: Anthropic's API takes budgets from {AnthropicThinking.LeastBudget} to below max_tokens; {fitting} tokens were sent.");
        return thinking with { BudgetTokens = fitting };
    }

    /// <summary>Why none may be asked for; <c>null</c> where it may.</summary>
    public static string? ThinkingObstacle(ChatRequest request)
    {
        if (request.ToolChoice is { Mode: ToolChoiceMode.Required or ToolChoiceMode.Named }) return "a tool is forced";
        bool answersTool = request.Messages.Count > 0 && request.Messages[^1].Parts.Any(part => part is ToolResultPart);
        return answersTool ? "a tool's result is answered and the thoughts before its call are not at hand" : null;
    }

    private static Thinking Off(string why, ICollection<string> warnings)
    {
        warnings.Once($"thinking: Anthropic's API allows none where {why}; switched off.");
        return new Thinking(ThinkingLevel.Off);
    }
}
