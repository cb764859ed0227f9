using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>What a stage asks: the caller's question with the stage's own settings.</summary>
internal static class StageRequests
{
    /// <summary>The attempt of a stage that nothing judges. The caller's bytes go along only where they say just what is asked,
    /// and where this is the only attempt: an answer that is passed through states its own usage.</summary>
    public static AttemptRequest Live(CascadeRequest cascade, Stage stage, int index)
    {
        var purpose = cascade.Route.IsGated ? PurposeOf(index) : AttemptPurpose.Plain;
        string[] targets = [.. stage.Deployments, .. stage.Fallback];
        bool asAsked = !cascade.Route.IsGated && stage is { Thinking: null, Temperature: null, MaxOutputTokens: null, Constrain: true };
        return asAsked && cascade.Wire is { } wire
            ? new AttemptRequest { PassThrough = wire, Targets = targets, Purpose = purpose, Stage = index, StrictThinking = cascade.Route.StrictThinking, MaxCalls = cascade.Route.Limits.MaxAttempts }
            : new AttemptRequest { Request = For(cascade.Request, stage), Targets = targets, Purpose = purpose, Stage = index, StrictThinking = cascade.Route.StrictThinking, MaxCalls = cascade.Route.Limits.MaxAttempts };
    }

    /// <summary>The attempt of a draft by one of the stage's deployments.</summary>
    public static AttemptRequest Draft(ChatRequest request, Stage stage, int index, string deployment) => new()
    {
        Request = For(request, stage),
        Targets = [deployment, .. stage.Fallback],
        Purpose = PurposeOf(index),
        Stage = index,
        IsAskedAgain = stage.Samples > 1,
    };

    /// <summary>The attempt that repairs a rejected draft of <paramref name="drafted"/>.</summary>
    public static AttemptRequest Repair(AttemptRequest drafted, Judged rejected, Stage stage, RepairPolicy policy) => drafted with
    {
        Request = RepairRequest.Of(drafted.Request, rejected, policy),
        Targets = policy.Deployment is { } deployment ? [deployment, .. stage.Fallback] : drafted.Targets,
        Purpose = AttemptPurpose.Repair,
    };

    /// <summary>The stage's settings laid over a request. A cap never raises the caller's own.</summary>
    public static ChatRequest For(ChatRequest request, Stage stage)
    {
        request = request with
        {
            Thinking = stage.Thinking ?? request.Thinking,
            Temperature = stage.Temperature ?? request.Temperature,
            MaxOutputTokens = stage.MaxOutputTokens is { } cap ? Math.Min(cap, request.MaxOutputTokens ?? cap) : request.MaxOutputTokens,
        };
        return stage.Constrain ? request : Unconstrained.Of(request);
    }

    /// <summary>The stage's cap where it, and not the caller's, is what cuts an answer; <c>null</c> elsewhere.</summary>
    public static int? OwnCap(ChatRequest request, Stage stage) =>
        stage.MaxOutputTokens is { } cap && (request.MaxOutputTokens is not { } asked || asked > cap) ? cap : null;

    private static AttemptPurpose PurposeOf(int stage) => stage == 0 ? AttemptPurpose.Draft : AttemptPurpose.Escalation;
}
