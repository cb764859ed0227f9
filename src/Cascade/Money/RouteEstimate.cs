using Countersign.Cascade.Attempts;
using Countersign.Cascade.Routes;
using Countersign.Cascade.Running;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Money;

/// <summary>What a stage of a route may cost, with all its drafts, repairs and judges.</summary>
internal static class RouteEstimate
{
    // An output token, shown to another model as input: four bytes of text on average, each counted as a token.
    private const int BytesPerOutputToken = 4;

    public static Cost OfStage(Route route, Stage stage, ChatRequest request, IAttempter attempter)
    {
        var asked = StageRequests.For(request, stage);
        long? input = UpperEstimate.InputTokens(asked);
        if (!route.IsJudged(stage)) return UpperEstimate.OfTargets([.. stage.Deployments, .. stage.Fallback], input, asked.MaxOutputTokens, asked.ChoiceCount, attempter);

        var sum = Cost.Zero;
        int drafts = 0;
        foreach (string deployment in stage.Deployments)
        {
            drafts += stage.Samples;
            sum += Times(stage.Samples, UpperEstimate.OfTargets([deployment, .. stage.Fallback], input, asked.MaxOutputTokens, asked.ChoiceCount, attempter));
        }

        long? shown = input + RepairRequest.MaxFindingCharacters + BytesPerOutputToken * (long)(asked.MaxOutputTokens ?? stage.Deployments.Max(attempter.MaxOutputTokensOf)) * Math.Max(1, asked.ChoiceCount);
        int repairs = route.RepairsOf(stage);
        string[] repairers = route.Repair.Deployment is { } own ? [own, .. stage.Fallback] : [.. stage.Deployments, .. stage.Fallback];
        sum += Times(repairs, UpperEstimate.OfTargets(repairers, shown, asked.MaxOutputTokens, asked.ChoiceCount, attempter));
        return sum + Times((drafts + repairs) * Math.Max(1, asked.ChoiceCount), Judges(route, shown, attempter));
    }

    private static Cost Judges(Route route, long? shown, IAttempter attempter)
    {
        var sum = Cost.Zero;
        foreach (string deployment in route.Validators.SelectMany(validator => validator.Deployments)) sum += UpperEstimate.OfTargets([deployment], shown, null, 1, attempter);
        return sum;
    }

    private static Cost Times(int count, Cost cost) => count == 0 ? Cost.Zero : new Cost(cost.Usd * count, cost.IsComplete);
}
