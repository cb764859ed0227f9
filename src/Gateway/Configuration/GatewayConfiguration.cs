using Countersign.Gateway.Access;
using Countersign.Gateway.Dispatch;
using Countersign.Gateway.Providers;

namespace Countersign.Gateway.Configuration;

/// <summary>A configuration, read and checked: one immutable snapshot. A request keeps the one that it began with.</summary>
public sealed record GatewayConfiguration
{
    /// <summary>A digest of the file that it was made from.</summary>
    public required string Version { get; init; }

    /// <summary>How the server listens.</summary>
    public ServerOptions Server { get; init; } = new();

    /// <summary>Where the ledger lives.</summary>
    public LedgerOptions Ledger { get; init; } = new();

    /// <summary>The providers, by name.</summary>
    public IReadOnlyDictionary<string, ProviderOptions> Providers { get; init; } = new Dictionary<string, ProviderOptions>();

    /// <summary>The deployments, by name.</summary>
    public IReadOnlyDictionary<string, Deployment> Deployments { get; init; } = new Dictionary<string, Deployment>();

    /// <summary>The pools, by name.</summary>
    public IReadOnlyDictionary<string, Pool> Pools { get; init; } = new Dictionary<string, Pool>();

    /// <summary>The routes, by name. Routes, pools and deployments share one space of names: what callers write as <c>model</c>.</summary>
    public IReadOnlyDictionary<string, GatewayRoute> Routes { get; init; } = new Dictionary<string, GatewayRoute>();
}

/// <summary>How the server listens.</summary>
public sealed record ServerOptions
{
    /// <summary>Address and port. Anything but loopback needs a key to be configured.</summary>
    public string Listen { get; init; } = "127.0.0.1:8080";

    /// <summary>The largest request body, in bytes.</summary>
    public int MaxBodyBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>How often a waiting gated stream is kept alive by a comment.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long running requests may take to end when the server stops.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>An OTLP endpoint for traces and metrics; <c>null</c>: none (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> counts too).</summary>
    public Uri? OtlpEndpoint { get; init; }
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
public sealed record GatewayRoute(Cascade.Routes.Route Cascade, Budget Budget);
