namespace Countersign.Gateway.Access;

/// <summary>An API key as it is kept: everything but the key itself, of which only a hash is known.</summary>
public sealed record ApiKey
{
    /// <summary>Its id, such as <c>key_4f1a0c9e</c>; no secret.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>From when on it is no longer valid; <c>null</c>: it does not expire.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>When it was revoked; <c>null</c>: it was not.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>Whether it may use the admin API and read others' requests.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>The routes, pools and deployments it may use; <c>null</c>: all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Which models may be asked for it; <c>null</c>: all.</summary>
    public ModelPolicy? Policy { get; init; }

    /// <summary>What it may use per minute.</summary>
    public RateLimit Rate { get; init; } = new();

    /// <summary>What it may spend.</summary>
    public Budget Budget { get; init; } = new();
}

/// <summary>A key that is wanted.</summary>
public sealed record NewKey
{
    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>How long it is valid; <c>null</c>: it does not expire.</summary>
    public TimeSpan? ValidFor { get; init; }

    /// <summary>Whether it may use the admin API and read others' requests.</summary>
    public bool IsAdmin { get; init; }

    /// <summary>The routes, pools and deployments it may use; <c>null</c>: all.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Which models may be asked for it; <c>null</c>: all.</summary>
    public ModelPolicy? Policy { get; init; }

    /// <summary>What it may use per minute.</summary>
    public RateLimit Rate { get; init; } = new();

    /// <summary>What it may spend.</summary>
    public Budget Budget { get; init; } = new();
}

/// <summary>A key that was made.</summary>
/// <param name="Key">What is kept of it.</param>
/// <param name="Text">The key itself (<c>cs-...</c>): to be shown once, it cannot be had again.</param>
public sealed record CreatedKey(ApiKey Key, string Text);
