using Countersign.Cascade.Money;
using Countersign.Gateway.Providers;
using Countersign.Gateway.Shaping;
using Countersign.Protocol.Dialects.Efforts;

namespace Countersign.Gateway.Dispatch;

/// <summary>One model at one provider.</summary>
public sealed record Deployment
{
    /// <summary>Its name, usable as <c>model</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The provider's name.</summary>
    public required string Provider { get; init; }

    /// <summary>The model's name upstream.</summary>
    public required string Model { get; init; }

    /// <summary>What it charges, by day: ascending by <see cref="Price.ValidFrom"/>, the last that has begun holds. Where a file declares none, the catalogue's. Empty: unknown.</summary>
    public IReadOnlyList<Price> Prices { get; init; } = [];

    /// <summary>Tokens of input and output together that it takes; <c>null</c>: unknown.</summary>
    public int? ContextLength { get; init; }

    /// <summary>The most output tokens of a request that sets no limit of its own, where a budget needs one. In tokens.</summary>
    public int MaxOutputTokens { get; init; } = 8192;

    /// <summary>The model's family (<c>qwen3</c>, <c>gpt-oss</c>, ...); <c>null</c>: found from the model's name.</summary>
    public string? Family { get; init; }

    /// <summary>For a provider that takes prompts as text: the file of the model's chat template. <c>null</c>: the server is asked for it.</summary>
    public string? Template { get; init; }

    /// <summary>Whether requests are marked for its server's prompt cache; <c>null</c>: as its provider says.</summary>
    public PromptCacheMode? PromptCache { get; init; }

    /// <summary>For the engine: the smaller model that guesses its next tokens; <c>null</c>: none.</summary>
    public DraftModel? Draft { get; init; }

    /// <summary>What the file declares of the model, for policies.</summary>
    public DeclaredFacts Facts { get; init; } = new();

    /// <summary>How long it may take.</summary>
    public TimeoutOptions Timeouts { get; init; } = new();

    /// <summary>How failed calls are tried again.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>How many calls run and wait at once.</summary>
    public ConcurrencyOptions Concurrency { get; init; } = new();

    /// <summary>When it is left alone for a while.</summary>
    public BreakerOptions Breaker { get; init; } = new();

    /// <summary>The name by which its family is found.</summary>
    internal string NameOfFamily => Family ?? Model;

    /// <summary>What its model makes of the thinking knob, and of reasoning.</summary>
    /// <param name="provider">Its provider.</param>
    internal EffortRule EffortOn(ProviderOptions provider) => EffortRules.For(NameOfFamily, provider.ServerOfTables);

    /// <summary>The price that holds on <paramref name="day"/>, or <c>null</c> where it is unknown.</summary>
    public Price? PriceOn(DateOnly day) => Prices.LastOrDefault(price => price.ValidFrom is null || price.ValidFrom <= day);
}

/// <summary>A smaller model that guesses what the engine's model writes next. Changes no answer: only how fast it comes.</summary>
/// <param name="Model">Its GGUF file's name without its ending, in the provider's folder.</param>
/// <param name="Most">Most tokens of a guess.</param>
/// <param name="Least">Fewest tokens of a guess.</param>
public sealed record DraftModel(string Model, int Most = DraftModel.MostByDefault, int Least = 0)
{
    /// <summary>Most tokens of a guess where nothing is said: llama-server's number.</summary>
    public const int MostByDefault = 16;
}

/// <summary>Several deployments under one name.</summary>
/// <param name="Name">Its name, usable as <c>model</c>.</param>
/// <param name="Members">Its deployments with their weights; the first choice is drawn by weight, the others follow as fallback.</param>
public sealed record Pool(string Name, IReadOnlyList<PoolMember> Members);

/// <summary>A deployment of a pool.</summary>
/// <param name="Deployment">Its name.</param>
/// <param name="Weight">Its share of first choices, relative to the others'; 0: only as fallback.</param>
public sealed record PoolMember(string Deployment, double Weight = 1);

/// <summary>How long a call may take.</summary>
public sealed record TimeoutOptions
{
    /// <summary>To connect.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>To the first token of a streamed answer; comments and its head are none.</summary>
    public TimeSpan FirstToken { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Between two tokens of a streamed answer; comments are none.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>In all.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(10);
}

/// <summary>How calls that failed before their first token are tried again (429, 408, 5xx, no connection); <c>Retry-After</c> is honoured up to <see cref="MaxDelay"/>.</summary>
public sealed record RetryOptions
{
    /// <summary>Further tries at the same deployment; 0: none.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>The first wait; doubles, with jitter.</summary>
    public TimeSpan Delay { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait; a longer <c>Retry-After</c> goes on to the next deployment at once.</summary>
    public TimeSpan MaxDelay { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>How many calls run and wait at once.</summary>
public sealed record ConcurrencyOptions
{
    /// <summary>Calls that run at once.</summary>
    public int Limit { get; init; } = 256;

    /// <summary>Calls that wait for a place; beyond it they fail at once (429).</summary>
    public int Queue { get; init; } = 1024;
}

/// <summary>When a deployment is left alone for a while.</summary>
public sealed record BreakerOptions
{
    /// <summary>The share of failures that opens it, 0..1.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>Calls within <see cref="Window"/> before it judges.</summary>
    public int MinimumCalls { get; init; } = 10;

    /// <summary>The time over which failures are counted.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long it stays open.</summary>
    public TimeSpan OpenFor { get; init; } = TimeSpan.FromSeconds(15);
}
