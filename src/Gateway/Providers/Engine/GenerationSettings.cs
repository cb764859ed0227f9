using Countersign.Cascade.Attempts;
using Countersign.Engine;
using Countersign.Engine.Sampling;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers.Raw;
using Countersign.Protocol.Chat;

namespace Countersign.Gateway.Providers.Engine;

/// <summary>How a request's answer is generated, from its prompt on.</summary>
/// <param name="grammars">Compiles what answers must look like.</param>
internal sealed class GenerationSettings(AnswerGrammars grammars)
{
    private static readonly Random Seeds = Random.Shared;

    /// <summary>What the engine is asked for a chat.</summary>
    /// <param name="model">Who is asked.</param>
    /// <param name="request">The request.</param>
    /// <param name="prompt">Its conversation as a prompt.</param>
    /// <param name="deployment">Has the limit of answers that state none.</param>
    /// <param name="trace">Takes what has no effect.</param>
    public GenerationRequest Of(LoadedModel model, ChatRequest request, ChatPrompt prompt, Deployment deployment, RequestTrace trace)
    {
        var generation = Of(request, prompt.Tokens, prompt.Chat, deployment, trace, "chat_template_kwargs", "documents");
        return generation with
        {
            Stop = model.Templates.HasOwn ? request.Stop : [.. request.Stop, TemplateSet.ChatMlEnd],
            GrammarAfter = prompt.Chat.Style.AnswerMark,
            GrammarWaitsIf = prompt.StartsInThought || prompt.Chat.Style.IsChannelled ? null : prompt.Chat.Style.Thoughts?.Open[0],
            IncludeSpecialTokens = !prompt.Chat.Style.IsPlain,
        };
    }

    /// <summary>What the engine is asked for a text that is to be gone on with.</summary>
    /// <param name="request">The settings.</param>
    /// <param name="prompt">The text in tokens.</param>
    /// <param name="deployment">Has the limit of answers that state none.</param>
    /// <param name="trace">Takes what has no effect.</param>
    public GenerationRequest OfText(ChatRequest request, IReadOnlyList<int> prompt, Deployment deployment, RequestTrace trace) => Of(request, prompt, null, deployment, trace);

    private GenerationRequest Of(ChatRequest request, IReadOnlyList<int> prompt, RawChat? chat, Deployment deployment, RequestTrace trace, params IEnumerable<string> readElsewhere)
    {
        var extra = new ExtraFields(request.Extra, readElsewhere);
        var generation = new GenerationRequest
        {
            Prompt = prompt,
            Sampling = SamplingOf(request, extra),
            Stop = request.Stop,
            MaxTokens = request.MaxOutputTokens ?? deployment.MaxOutputTokens,
            Choices = request.ChoiceCount,
            TopLogprobs = request.Logprobs ? request.TopLogprobs ?? 0 : null,
            Grammar = grammars.Of(request, chat, extra, trace),
            IgnoreEndOfGeneration = extra.Flag("ignore_eos"),
        };
        foreach (string field in extra.Unread) trace.Warn($"{field}: the engine has no such field; left out.");
        return generation;
    }

    private static SamplingOptions SamplingOf(ChatRequest request, ExtraFields extra)
    {
        var standard = new SamplingOptions();
        return standard with
        {
            Temperature = (float?)request.Temperature ?? standard.Temperature,
            TopK = request.TopK ?? standard.TopK,
            TopP = request.TopP is { } topP ? Math.Max((float)topP, float.Epsilon) : standard.TopP, // 0 means the best token alone, in OpenAI's API.
            MinP = extra.Number("min_p") ?? standard.MinP,
            TypicalP = extra.Number("typical_p") ?? standard.TypicalP,
            RepetitionPenalty = extra.Number("repeat_penalty", "repetition_penalty") ?? standard.RepetitionPenalty,
            PresencePenalty = (float?)request.PresencePenalty ?? standard.PresencePenalty,
            FrequencyPenalty = (float?)request.FrequencyPenalty ?? standard.FrequencyPenalty,
            PenaltyLastN = extra.Integer("repeat_last_n") ?? standard.PenaltyLastN,
            LogitBias = extra.Biases("logit_bias"),
            Seed = unchecked((ulong)(request.Seed ?? Seeds.NextInt64())),
        };
    }
}
