using Countersign.Cascade.Routes;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Configuration.Checks;

/// <summary>One step of a route.</summary>
internal static class StageChecks
{
    public static void Run(Stage stage, CheckedFile file, IReadOnlyList<object> path)
    {
        CheckDeployments(stage, file, path);
        foreach (var (name, index) in stage.Fallback.Select((name, index) => (name, index))) CheckName(name, file, [.. path, "fallback", index]);
        CheckDrafts(stage, file, path);
        if (stage.Thinking is { } thinking) CheckThinking(thinking, stage.Deployments, file, path);
    }

    /// <summary>That no model is asked for more thinking than it takes.</summary>
    private static void CheckThinking(Thinking thinking, IEnumerable<string> deployments, CheckedFile file, IReadOnlyList<object> path)
    {
        foreach (string name in deployments)
        {
            if (!file.Configuration.Deployments.TryGetValue(name, out var deployment) || !file.Configuration.Providers.TryGetValue(deployment.Provider, out var provider)) continue;
            try
            {
                Effort.Apply(thinking, deployment.EffortOn(provider), maxOutputTokens: null);
            }
            catch (ProblemException problem)
            {
                file.Report(problem.Message, "Ask for less, or for a level.", [.. path, "thinking"]);
            }
        }
    }

    /// <summary>That <paramref name="name"/> can answer.</summary>
    public static void CheckName(string name, CheckedFile file, IReadOnlyList<object> path)
    {
        if (NameChecks.IsAnswering(name, file.Configuration)) return;
        if (file.Configuration.Routes.ContainsKey(name)) file.Report($"\"{name}\" is a route, and routes hold no routes: they could run in a circle.", "Name a deployment or a pool.", path);
        else file.ReportUnknown(name, "deployment or pool", NameChecks.Answering(file.Configuration), path);
    }

    private static void CheckDeployments(Stage stage, CheckedFile file, IReadOnlyList<object> path)
    {
        bool one = file.Find([.. path, "deployment"]) is not null, several = file.Find([.. path, "deployments"]) is not null;
        if (one && several) file.Report("Both 'deployment' and 'deployments' are given.", "Keep one of them.", path);
        else if (stage.Deployments.Count == 0) file.Report("Nobody answers in this stage.", "Add 'deployment: NAME'.", path);
        if (one) CheckName(stage.Deployments.FirstOrDefault(""), file, [.. path, "deployment"]);
        else foreach (var (name, index) in stage.Deployments.Select((name, index) => (name, index))) CheckName(name, file, [.. path, "deployments", index]);
    }

    private static void CheckDrafts(Stage stage, CheckedFile file, IReadOnlyList<object> path)
    {
        int drafts = stage.Deployments.Count * stage.Samples;
        if (drafts > 1 && stage.Agreement is null) file.Report($"This stage asks for {drafts} drafts, but nothing says when they agree.", "Add 'agree: { need: 2, by: exact }', or ask for one draft.", path);
        if (drafts == 1 && stage.Agreement is not null) file.Report("One draft cannot agree with itself.", "Name more 'deployments', raise 'samples', or remove 'agree'.", path);
        if (drafts > 1 && stage.Agreement?.Need > drafts) file.Report($"{stage.Agreement.Need} drafts must agree, but only {drafts} are asked for.", $"Lower 'need' to {drafts} or less.", path);
        if (stage is { Samples: > 1, Temperature: 0 }) file.Report("At temperature 0 a deployment gives the same draft each time, so that its agreement says nothing.", "Raise 'temperature', or name several 'deployments'.", [.. path, "temperature"]);
    }
}
