using Countersign.Gateway.Access;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Configuration;

/// <summary>A configuration, read and checked: one immutable snapshot. A request keeps the one that it began with.</summary>
public sealed record GatewayConfiguration
{
    /// <summary>A digest of the file that it was made from, environment variables put in, secrets left out.</summary>
    public string Version { get; init; } = "";

    /// <summary>How the server listens.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>Where the ledger lives.</summary>
    public LedgerOptions Ledger { get; init; } = new();

    /// <summary>Whether callers need keys.</summary>
    public KeyOptions Keys { get; init; } = new();

    /// <summary>The callers that the file declares, by name, beside those whose keys the ledger keeps.</summary>
    public IReadOnlyDictionary<string, ConfiguredCaller> Callers { get; init; } = new Dictionary<string, ConfiguredCaller>();

    /// <summary>The providers, by name.</summary>
    public IReadOnlyDictionary<string, ProviderOptions> Providers { get; init; } = new Dictionary<string, ProviderOptions>();

    /// <summary>The deployments, by name.</summary>
    public IReadOnlyDictionary<string, Deployment> Deployments { get; init; } = new Dictionary<string, Deployment>();

    /// <summary>The pools, by name.</summary>
    public IReadOnlyDictionary<string, Pool> Pools { get; init; } = new Dictionary<string, Pool>();

    /// <summary>The routes, by name. Routes, pools and deployments share one space of names: what callers write as <c>model</c>.</summary>
    public IReadOnlyDictionary<string, GatewayRoute> Routes { get; init; } = new Dictionary<string, GatewayRoute>();

    /// <summary>The deployment named <paramref name="name"/>: a declared one, or for <c>provider/model</c> that model at a declared provider:
    /// as it is declared under another name, else with the catalogue's price. The engine's models are all declared. <c>null</c>: no such deployment.</summary>
    public Deployment? FindDeployment(string name)
    {
        if (Deployments.TryGetValue(name, out Deployment? declared)) return declared;
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0 || slash == name.Length - 1 || !Providers.TryGetValue(name[..slash], out ProviderOptions? provider)) return null;
        string model = name[(slash + 1)..];
        return Deployments.Values.FirstOrDefault(deployment => deployment.Provider == provider.Name && deployment.Model == model)
            ?? (provider.Api == ProviderApi.Engine ? null : new Deployment { Name = name, Provider = provider.Name, Model = model, Prices = CataloguePrices.Of(provider, model) });
    }
}

/// <summary>How the server listens.</summary>
public sealed record ServerOptions
{
    /// <summary>Address and port. Anything but loopback needs a key to be configured.</summary>
    public string Listen { get; init; } = "127.0.0.1:8080";

    /// <summary>The largest request body, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How often a waiting stream is kept alive by a comment: a gated one, or one whose upstream has begun, but said nothing yet.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long running requests may take to end when the server stops.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An OTLP endpoint for traces and metrics; <c>null</c>: none (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> counts too).</summary>
    public Uri? OtlpEndpoint { get; init; }
}

/// <summary>Whether callers need keys.</summary>
public sealed record KeyOptions
{
    /// <summary>Whether a request without a key is refused even where no key exists yet. Where one exists, it always is.</summary>
    public bool Required { get; init; }
}

/// <summary>A caller that the file declares.</summary>
/// <param name="Caller">Who it is, what it may use and spend.</param>
/// <param name="Key">Its key; never printed.</param>
public sealed record ConfiguredCaller(Caller Caller, string Key)
{
    /// <inheritdoc/>
    public override string ToString() => Caller.Name;
}

/// <summary>Where the ledger lives.</summary>
public sealed record LedgerOptions
{
    /// <summary>The SQLite file; made where it is missing.</summary>
    public string Path { get; init; } = "countersign.db";
}

/// <summary>A route with what the gateway adds to the cascade's part of it.</summary>
/// <param name="Cascade">Stages, validators, repair, caps of one request.</param>
/// <param name="Budget">The money that all its requests together may cost.</param>
public sealed record GatewayRoute(Cascade.Routes.Route Cascade, Budget Budget)
{
    /// <summary>Which models it may ask. Held against all whom it names when the file is read.</summary>
    public ModelPolicy Policy { get; init; } = new();
}
