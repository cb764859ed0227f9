using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;
using Countersign.Protocol.Wire.Completions;

namespace Countersign.Gateway.Configuration.Checks;

/// <summary>Deployments and pools: that their names lead somewhere, and their times make sense.</summary>
internal static class DeploymentChecks
{
    private static readonly string[] DraftKeys = ["draft_model", "draft_max", "draft_min"];

    public static void Run(CheckedFile file)
    {
        foreach (Deployment deployment in file.Configuration.Deployments.Values.Where(deployment => file.Find("deployments", deployment.Name) is not null)) CheckDeployment(deployment, file);
        foreach (Pool pool in file.Configuration.Pools.Values) CheckPool(pool, file);
    }

    private static void CheckDeployment(Deployment deployment, CheckedFile file)
    {
        if (!file.Configuration.Providers.TryGetValue(deployment.Provider, out ProviderOptions? provider)) file.ReportUnknown(deployment.Provider, "provider", file.Configuration.Providers.Keys, "deployments", deployment.Name, "provider");
        else if (provider.Api == ProviderApi.Engine) CheckWeights(deployment, provider, file);
        if (provider is not null) CheckTemplate(deployment, provider, file);
        if (provider is { ChatApi: null } && deployment.PromptCache is not null) file.Report($"Provider '{provider.Name}' is given prompts as text, in which nothing can be marked; their beginnings are kept without that.", "Remove it.", "deployments", deployment.Name, "prompt_cache");
        if (provider is not null && deployment.Draft is { } draft) CheckDraft(deployment, draft, provider, file);
        CheckPrices(deployment, file);
        if (deployment.Timeouts.FirstToken > deployment.Timeouts.Total) file.Report("The first token may take longer than the whole answer.", "Make 'total' the longest of the timeouts.", "deployments", deployment.Name, "timeouts");
        if (deployment.Retry.Delay > deployment.Retry.MaxDelay) file.Report("The first wait is longer than the longest.", "Make 'max_delay' at least 'delay'.", "deployments", deployment.Name, "retry");
    }

    private static void CheckWeights(Deployment deployment, ProviderOptions provider, CheckedFile file)
    {
        IReadOnlyList<string> models = ModelFolder.List(provider.Engine.Models);
        if (!models.Contains(deployment.Model)) file.ReportUnknown(deployment.Model, $"GGUF file in {provider.Engine.Models}", models, "deployments", deployment.Name, "model");
    }

    /// <summary>Whether the two models fit together is only seen when they are loaded.</summary>
    private static void CheckDraft(Deployment deployment, DraftModel draft, ProviderOptions provider, CheckedFile file)
    {
        string[] keys = [.. DraftKeys.Where(key => file.Find("deployments", deployment.Name, key) is not null)];
        IReadOnlyList<string> models = ModelFolder.List(provider.Engine.Models);
        if (provider.Api != ProviderApi.Engine)
            file.Report($"Only the engine has '{keys[0]}'; provider '{provider.Name}' decides for itself how it drafts.", "Remove it, or configure a draft model at that server.", "deployments", deployment.Name, keys[0]);
        else if (draft.Model.Length == 0) file.Report($"'{keys[0]}' says nothing without a draft model.", "Add 'draft_model', or remove it.", "deployments", deployment.Name, keys[0]);
        else if (!models.Contains(draft.Model)) file.ReportUnknown(draft.Model, $"GGUF file in {provider.Engine.Models}", models, "deployments", deployment.Name, "draft_model");
        else if (draft.Least > draft.Most) file.Report("The fewest tokens of a guess are more than the most.", "Make 'draft_min' at most 'draft_max'.", "deployments", deployment.Name, "draft_min");
    }

    private static void CheckTemplate(Deployment deployment, ProviderOptions provider, CheckedFile file)
    {
        string[] place = ["deployments", deployment.Name, "template"];
        if (provider.Api != ProviderApi.Completions)
        {
            if (deployment.Template is not null) file.Report($"Provider '{provider.Name}' takes chats, and its server has its own template.", "Remove it, or write 'api: completions' at the provider.", [.. place]);
            return;
        }

        if (deployment.Template is null && !CompletionRequestWriter.IsLlama(provider.Server)) file.Report("A prompt cannot be made without the model's chat template, and only llama-server can be asked for it.", "Add 'template' with the model's tokenizer_config.json, GGUF or Jinja file.", "deployments", deployment.Name);
        else if (deployment.Template is { } path && !File.Exists(path)) file.Report($"There is no file {path}.", "Correct the path.", [.. place]);
    }

    private static void CheckPrices(Deployment deployment, CheckedFile file)
    {
        for (int index = 1; index < deployment.Prices.Count; index++)
        {
            DateOnly? before = deployment.Prices[index - 1].ValidFrom, day = deployment.Prices[index].ValidFrom;
            if (day is null || day <= before) file.Report("This price begins no later than the one before it.", "Order the prices by 'valid_from', the oldest first.", "deployments", deployment.Name, "price", index);
        }
    }

    private static void CheckPool(Pool pool, CheckedFile file)
    {
        if (pool.Members.Count == 0) file.Report("The pool is empty.", "Name at least one deployment.", "pools", pool.Name);
        else if (pool.Members.All(member => member.Weight == 0)) file.Report("Every weight is 0, so that nothing is ever chosen first.", "Give one of them a weight.", "pools", pool.Name);
        for (int index = 0; index < pool.Members.Count; index++) CheckMember(pool, index, file);
    }

    private static void CheckMember(Pool pool, int index, CheckedFile file)
    {
        string name = pool.Members[index].Deployment;
        if (file.Configuration.Pools.ContainsKey(name)) file.Report($"\"{name}\" is a pool, and a pool holds deployments only.", "Name its deployments here.", "pools", pool.Name, index);
        else if (file.Configuration.FindDeployment(name) is null) file.ReportUnknown(name, "deployment", file.Configuration.Deployments.Keys, "pools", pool.Name, index);
        else if (pool.Members.Take(index).Any(member => member.Deployment == name)) file.Report($"\"{name}\" is in this pool twice.", "Remove it, or raise its weight.", "pools", pool.Name, index);
    }
}
