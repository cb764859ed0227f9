namespace Countersign.Protocol.Catalogue;

/// <summary>What is known of a model. A fact that is <c>null</c> is not known.</summary>
public sealed record CatalogueModel
{
    /// <summary>Its name in small letters with hyphens, without its maker: <c>qwen3-30b-a3b</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Further names that hosts and files give it, in the form of <see cref="Id"/>.</summary>
    public required IReadOnlyList<string> Names { get; init; }

    /// <summary>Its maker.</summary>
    public required string Vendor { get; init; }

    /// <summary>The maker's seat (ISO 3166, two letters).</summary>
    public required string Country { get; init; }

    /// <summary>An SPDX identifier where one exists, else <c>LicenseRef-*</c>.</summary>
    public Fact<string>? Licence { get; init; }

    /// <summary>What of it can be had.</summary>
    public Fact<Openness>? Openness { get; init; }

    /// <summary>How many weights it has.</summary>
    public Fact<ParameterCount>? Parameters { get; init; }

    /// <summary>The longest context that it was made for, in tokens.</summary>
    public Fact<long>? Context { get; init; }

    /// <summary>When it came out.</summary>
    public Fact<DateOnly>? Released { get; init; }

    /// <summary>What the memory of a context depends on.</summary>
    public Fact<ContextShape>? Shape { get; init; }

    /// <summary>How it calls tools.</summary>
    public Fact<ToolAbility>? Tools { get; init; }

    /// <summary>The chat template of it that is rendered in tests; <c>null</c>: none is.</summary>
    public Fact<string>? Template { get; init; }

    /// <summary>When its maker's own service of it ended, and what to take instead.</summary>
    public Fact<Retirement>? Retirement { get; init; }

    /// <summary>Why it cannot be had; <c>null</c>: it was released.</summary>
    public Fact<string>? Unreleased { get; init; }

    /// <summary>List prices by host.</summary>
    public IReadOnlyList<CataloguePrice> Prices { get; init => field = value ?? []; } = []; // Left out of a file, it comes as null.

    /// <summary>What else to know.</summary>
    public IReadOnlyList<string> Notes { get; init => field = value ?? []; } = []; // Left out of a file, it comes as null.

    /// <summary>Whether its maker's service of it has ended by <paramref name="day"/>.</summary>
    public bool IsRetiredOn(DateOnly day) => Retirement?.Value.Date <= day;
}

/// <summary>A fact and where it comes from.</summary>
/// <param name="Value">What is the case.</param>
/// <param name="Source">A key of <see cref="ModelCatalogue.Sources"/>.</param>
/// <param name="Note">What to know about it.</param>
/// <param name="Unverified">Whether it rests on memory or on one weak source.</param>
public sealed record Fact<T>(T Value, string Source, string? Note = null, bool Unverified = false);

/// <summary>What of a model can be had: nothing, its weights, or also its data and training code.</summary>
public enum Openness { Closed, Weights, Fully }

/// <summary>How a model calls tools: in a format of its own, or only in one that it is told.</summary>
public enum ToolAbility { Native, Prompted }

/// <summary>A model's weights.</summary>
/// <param name="Total">All.</param>
/// <param name="Active">Those that work on a token; fewer than all in a mixture of experts.</param>
public sealed record ParameterCount(long Total, long Active);

/// <summary>The end of a maker's service.</summary>
/// <param name="Date">The day.</param>
/// <param name="Successor">The <see cref="CatalogueModel.Id"/> of what to take instead.</param>
public sealed record Retirement(DateOnly Date, string Successor);

/// <summary>A list price at one host, in US dollars per million tokens.</summary>
public sealed record CataloguePrice : PriceAmounts
{
    /// <summary>The host, by the name that a configuration calls the server.</summary>
    public required string Host { get; init; }

    /// <summary>The model's name there.</summary>
    public required string Model { get; init; }

    /// <summary>The first day at which it holds; <c>null</c>: from the start.</summary>
    public DateOnly? ValidFrom { get; init; }

    /// <summary>A charge per request, in US dollars.</summary>
    public decimal PerRequest { get; init; }

    /// <summary>Prices of large requests: the whole request moves to the last tier that it exceeds. Ascending.</summary>
    public IReadOnlyList<CatalogueTier> Tiers { get; init => field = value ?? []; } = []; // Left out of a file, it comes as null.

    /// <summary>A key of <see cref="ModelCatalogue.Sources"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The day at which the source was read.</summary>
    public required DateOnly Read { get; init; }

    /// <summary>What other sources say. Such a price is shown, not counted with.</summary>
    public IReadOnlyList<string> Disputed { get; init => field = value ?? []; } = []; // Left out of a file, it comes as null.
}

/// <summary>Amounts in US dollars per million tokens; <c>null</c> is not known.</summary>
public record PriceAmounts
{
    /// <summary>Input tokens.</summary>
    public decimal? Input { get; init; }

    /// <summary>Output tokens.</summary>
    public decimal? Output { get; init; }

    /// <summary>Input tokens that a cache answered.</summary>
    public decimal? CachedInput { get; init; }

    /// <summary>Input tokens written to a cache of about five minutes.</summary>
    public decimal? CacheWrite { get; init; }

    /// <summary>Input tokens written to a cache of about an hour.</summary>
    public decimal? LongCacheWrite { get; init; }

    /// <summary>Reasoning tokens, where they cost otherwise than output.</summary>
    public decimal? Reasoning { get; init; }
}

/// <summary>Prices of requests with more input tokens than <see cref="AboveInputTokens"/>.</summary>
public sealed record CatalogueTier : PriceAmounts
{
    /// <summary>The tier holds above so many input tokens.</summary>
    public required long AboveInputTokens { get; init; }
}
