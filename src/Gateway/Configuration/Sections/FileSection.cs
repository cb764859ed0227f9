using Countersign.Gateway.Configuration.Shapes;

namespace Countersign.Gateway.Configuration.Sections;

/// <summary>The whole file.</summary>
internal static class FileSection
{
    public static readonly ObjectShape<GatewayConfiguration> Shape =
        new ObjectShape<GatewayConfiguration>("A Countersign configuration.", _ => new GatewayConfiguration())
            .Optional("server", "How the server listens.", ServerSection.Server, (file, server) => file with { Server = server })
            .Optional("ledger", "Where requests, attempts, verdicts, outcomes and money are recorded.", ServerSection.Ledger, (file, ledger) => file with { Ledger = ledger })
            .Optional("keys", "Whether callers need keys.", CallerSection.Keys, (file, keys) => file with { Keys = keys })
            .Optional("callers", "Callers with keys of their own, by name, beside those made with 'countersign keys create'.", new MapShape<ConfiguredCaller>(CallerSection.Caller), (file, callers) => file with { Callers = callers })
            .Optional("providers", "Who serves models, by name: an API, an address, a key.", new MapShape<Providers.ProviderOptions>(ProviderSection.Provider), (file, providers) => file with { Providers = providers })
            .Optional("deployments", "One model at one provider each, by name.", new MapShape<Dispatch.Deployment>(DeploymentSection.Deployment), (file, deployments) => file with { Deployments = deployments })
            .Optional("pools", "Several deployments under one name: the first choice is drawn by weight, the others follow as fallback.", new MapShape<Dispatch.Pool>(new PoolSection()), (file, pools) => file with { Pools = pools })
            .Optional("routes", "Names that callers use as 'model', and the way their requests go.", new MapShape<GatewayRoute>(RouteSection.Route), (file, routes) => file with { Routes = routes });
}
