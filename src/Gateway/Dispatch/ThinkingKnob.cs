using Countersign.Cascade.Attempts;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Wire;

namespace Countersign.Gateway.Dispatch;

/// <summary>Turns the thinking knob of an attempt into what the deployment asked understands. A request that says nothing of thinking is not looked at.</summary>
internal sealed class ThinkingKnob(GatewayConfiguration configuration)
{
    /// <summary>The call of <paramref name="deployment"/>, or of its sibling where that is how its family switches.</summary>
    /// <exception cref="Protocol.Problems.ProblemException">The knobs contradict each other, the budget is too large, or the route is strict and the model cannot do what is asked.</exception>
    public ChatCall CallOf(Deployment deployment, AttemptRequest attempt, RequestTrace trace)
    {
        if (attempt.PassThrough is { AsksThinking: false }) return new ChatCall(deployment, attempt, trace);
        if (attempt.Request.Thinking is { } asked) return Asked(deployment, attempt, trace, asked);
        return DefaultOf(attempt) is { } level ? Default(deployment, attempt, trace, level) : new ChatCall(deployment, attempt, trace);
    }

    private ChatCall Asked(Deployment deployment, AttemptRequest attempt, RequestTrace trace, Thinking asked)
    {
        var sibling = Siblings.Of(deployment, asked, configuration);
        var rule = RuleOf(sibling ?? deployment);
        var applied = (Obstacle(sibling ?? deployment, attempt) is { } why ? Effort.Obstructed(asked, rule, why) : Effort.Apply(asked, rule, attempt.Request.MaxOutputTokens)) with
        {
            InPlaceOf = sibling is null ? null : deployment.Name,
            IsDefault = attempt.Purpose is AttemptPurpose.Judge or AttemptPurpose.Audit, // Nobody outside asked.
        };
        deployment = sibling ?? deployment;
        if (attempt.StrictThinking && applied is { Clamped: true, IsDefault: false }) throw Effort.Refusal(applied, deployment.Name);
        if (!applied.IsDefault) Warn(applied, deployment, trace);
        return With(deployment, attempt, trace, applied);
    }

    /// <summary>Only where the model is documented to have levels: one that can merely be switched is left as it is.</summary>
    private ChatCall Default(Deployment deployment, AttemptRequest attempt, RequestTrace trace, ThinkingLevel level)
    {
        var rule = RuleOf(deployment);
        if (rule.Levels.Count == 0 || rule.Assumed || Obstacle(deployment, attempt) is not null || SamplesAtAnthropic(deployment, attempt.Request)) return new ChatCall(deployment, attempt, trace);
        return With(deployment, attempt, trace, Effort.Apply(new Thinking(level), rule, attempt.Request.MaxOutputTokens) with { IsDefault = true });
    }

    private ChatCall With(Deployment deployment, AttemptRequest attempt, RequestTrace trace, AppliedThinking applied)
    {
        var request = SaidThinking.Add(attempt.Request with { Thinking = applied.Told }, applied);
        if (configuration.Providers[deployment.Provider].ServerOfTables == ProviderOptions.RendersTemplate) request = TemplateArguments.Add(request, applied);
        return new ChatCall(deployment, attempt with { Request = request }, trace) { Thinking = applied };
    }

    /// <summary>Why its API allows no thinking beside the rest of the request.</summary>
    private string? Obstacle(Deployment deployment, AttemptRequest attempt) =>
        IsAnthropic(deployment) ? WireApi.For(WireApiKind.AnthropicMessages).ThinkingObstacle(attempt.Request) : null;

    /// <summary>Anthropic's API takes no sampling parameters beside thinking; those that the caller gave count for more than a default.</summary>
    private bool SamplesAtAnthropic(Deployment deployment, ChatRequest request) => IsAnthropic(deployment) && (request.Temperature ?? request.TopP ?? request.TopK) is not null;

    private bool IsAnthropic(Deployment deployment) => configuration.Providers[deployment.Provider].Api == ProviderApi.Anthropic;

    private EffortRule RuleOf(Deployment deployment) => Siblings.RuleOf(deployment, configuration);

    private static void Warn(AppliedThinking applied, Deployment deployment, RequestTrace trace)
    {
        if (applied.NoEffect is { } why) trace.Warn($"thinking: '{applied.Asked}' has no effect on '{deployment.Name}': {why}.");
        else if (applied.Applied == "unknown") trace.Warn($"thinking: the family of '{deployment.Model}' is not known; '{applied.Asked}' was sent as to OpenAI. Say the deployment's 'family'.");
    }

    /// <summary>What a gated route asks of its own accord: little of drafts, more of those that mend or replace them. A forced tool call leaves no room for thought in some APIs.</summary>
    private static ThinkingLevel? DefaultOf(AttemptRequest attempt) => attempt.Request.ToolChoice is { Mode: ToolChoiceMode.Required or ToolChoiceMode.Named } ? null : attempt.Purpose switch
    {
        AttemptPurpose.Draft => ThinkingLevel.Low,
        AttemptPurpose.Repair => ThinkingLevel.Medium,
        AttemptPurpose.Escalation => ThinkingLevel.High,
        _ => null,
    };
}
