using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Access;

/// <summary>Who asks, by an API key; what it may use and spend.</summary>
public sealed record Caller
{
    /// <summary>The key's id (not the key), such as <c>key_4f1a</c>; <c>local</c> where no key is configured.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>The routes, pools and deployments it may use; <c>null</c>: all.</summary>
    public IReadOnlySet<string>? Models { get; init; }

    /// <summary>Which models may be asked for it, whatever the route.</summary>
    public ModelPolicy Policy { get; init; } = new();

    /// <summary>Whether it may use the admin API and read others' requests.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>What it may use per minute.</summary>
    public RateLimit Rate { get; init; } = new();

    /// <summary>What it may spend.</summary>
    public Budget Budget { get; init; } = new();

    /// <summary>Whether it may use a route, pool or deployment.</summary>
    public bool MayUse(string model) => Models is null || Models.Contains(model);

    /// <summary>Refuses what it may not use.</summary>
    /// <exception cref="ProblemException">It may not use <paramref name="model"/>.</exception>
    public void EnsureMayUse(string model)
    {
        if (MayUse(model)) return;
        throw new ProblemException(new Problem(ProblemKind.Forbidden, $"The API key '{Name}' may not use '{model}', only: {string.Join(", ", Models!.Order())}.", "model", "model_not_allowed"));
    }

    /// <summary>Everybody, where no key is configured: the server then listens on loopback only.</summary>
    public static Caller Local { get; } = new() { Id = "local", Name = "local", IsAdmin = true };
}

/// <summary>What may be used per minute; <c>null</c>: no limit.</summary>
/// <param name="RequestsPerMinute">Requests.</param>
/// <param name="TokensPerMinute">Input and output tokens together.</param>
public sealed record RateLimit(int? RequestsPerMinute = null, long? TokensPerMinute = null);

/// <summary>Money that may be spent, in US dollars; <c>null</c>: no limit. Days and months are UTC.</summary>
public sealed record Budget(decimal? UsdPerDay = null, decimal? UsdPerMonth = null, decimal? UsdTotal = null)
{
    /// <summary>Whether nothing is limited.</summary>
    public bool IsUnlimited => UsdPerDay is null && UsdPerMonth is null && UsdTotal is null;
}
