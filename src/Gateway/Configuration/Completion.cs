using Countersign.Cascade.Money;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Configuration;

/// <summary>Puts in what a file need not say: addresses of known clouds, full paths, list prices from the catalogue, a deployment for each of the engine's models and for each <c>provider/model</c> that the file names.</summary>
internal static class Completion
{
    /// <summary>What the engine charges: nothing, as the model runs in this process. A declared price wins.</summary>
    private static readonly Price NoCharge = new() { Input = 0, Output = 0, Source = "runs in this process" };

    public static GatewayConfiguration Complete(GatewayConfiguration configuration, string folder)
    {
        var providers = configuration.Providers.ToDictionary(pair => pair.Key, pair => Complete(pair.Value, folder));
        var deployments = configuration.Deployments.ToDictionary(pair => pair.Key, pair => Priced(pair.Value, providers) with { Template = pair.Value.Template is { } template ? Path.GetFullPath(template, folder) : null });
        foreach (ProviderOptions engine in providers.Values.Where(provider => provider.Api == ProviderApi.Engine)) AddModels(engine, configuration, deployments);
        GatewayConfiguration complete = configuration with { Providers = providers, Deployments = deployments };
        foreach (string name in Named(configuration))
        {
            if (!configuration.Pools.ContainsKey(name) && complete.FindDeployment(name) is { } implied) deployments.TryAdd(name, implied with { Name = name });
        }

        return complete with
        {
            Ledger = configuration.Ledger with { Path = Path.GetFullPath(configuration.Ledger.Path, folder) },
        };
    }

    private static IEnumerable<string> Named(GatewayConfiguration configuration) =>
        configuration.Routes.Values.SelectMany(route => RouteReferences.Of(route.Cascade)).Concat(configuration.Pools.Values.SelectMany(pool => pool.Members.Select(member => member.Deployment)));

    private static ProviderOptions Complete(ProviderOptions provider, string folder)
    {
        string? server = provider.Server ?? ServerOf(provider);
        return provider with
        {
            Server = server,
            BaseUrl = provider.BaseUrl ?? (provider.Api == ProviderApi.Engine ? null : KnownProviders.Find(server)?.AddressFor(provider.Api)),
            Engine = provider.Engine.Models is { } models ? provider.Engine with { Models = Path.GetFullPath(models, folder) } : provider.Engine,
        };
    }

    /// <summary>The server that its address, or where there is none its API and key, speak of. A keyless provider without an address is no cloud: its address was forgotten.</summary>
    private static string? ServerOf(ProviderOptions provider) => provider switch
    {
        { Api: ProviderApi.Engine } => null,
        { BaseUrl: { } url } => KnownProviders.All.FirstOrDefault(known => known.BaseUrl.Host == url.Host)?.Name,
        { Api: ProviderApi.Anthropic } => "anthropic",
        { Api: ProviderApi.Gemini } => "gemini",
        _ => KnownProviders.Find(provider.Name)?.Name,
    };

    private static Deployment Priced(Deployment deployment, Dictionary<string, ProviderOptions> providers)
    {
        if (deployment.Prices.Count > 0 || !providers.TryGetValue(deployment.Provider, out ProviderOptions? provider)) return deployment;
        return deployment with { Prices = provider.Api == ProviderApi.Engine ? [NoCharge] : CataloguePrices.Of(provider, deployment.Model) };
    }

    private static void AddModels(ProviderOptions engine, GatewayConfiguration configuration, Dictionary<string, Deployment> deployments)
    {
        foreach (string model in ModelFolder.List(engine.Engine.Models))
        {
            if (!configuration.Routes.ContainsKey(model) && !configuration.Pools.ContainsKey(model)) deployments.TryAdd(model, new Deployment { Name = model, Provider = engine.Name, Model = model, Prices = [NoCharge] });
        }
    }
}
