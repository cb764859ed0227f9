using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Dialects.Efforts;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Ledger;

/// <summary>A request as it is read back from the ledger, with all that happened to it; the body of <c>GET /v1/requests/{id}</c>. Enumerations are words in snake case.</summary>
public sealed record StoredRequest
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The id of the key that asked.</summary>
    public required string Caller { get; init; }

    /// <summary>The key's name when it asked.</summary>
    public required string CallerName { get; init; }

    /// <summary>The API that the caller spoke; <c>null</c> for embeddings.</summary>
    public string? Api { get; init; }

    /// <summary>The request model.</summary>
    public required string Model { get; init; }

    /// <summary>The route taken; <c>null</c> where a deployment or pool was named.</summary>
    public string? Route { get; init; }

    /// <summary>The route's version.</summary>
    public string? RouteVersion { get; init; }

    /// <summary>Whether the answer was streamed.</summary>
    public required bool Stream { get; init; }

    /// <summary>When it came.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>From its coming to its end, in milliseconds.</summary>
    public required double DurationMs { get; init; }

    /// <summary>The HTTP status of the answer; 499 where the client left.</summary>
    public required int Status { get; init; }

    /// <summary>Why it failed, if it did.</summary>
    public Problem? Problem { get; init; }

    /// <summary>How its cascade ended.</summary>
    public required string Ended { get; init; }

    /// <summary>Whether the winner passed every validator.</summary>
    public required bool Accepted { get; init; }

    /// <summary>The number of the attempt whose answer the client got.</summary>
    public int? Winner { get; init; }

    /// <summary>What all attempts cost together.</summary>
    public required StoredCost Cost { get; init; }

    /// <summary>What could not be carried to an upstream.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The attempts, in order; those of audits last.</summary>
    public IReadOnlyList<StoredAttempt> Attempts { get; init; } = [];

    /// <summary>The verdicts, in the order they fell.</summary>
    public IReadOnlyList<StoredVerdict> Verdicts { get; init; } = [];

    /// <summary>What callers said of it; the last holds.</summary>
    public IReadOnlyList<StoredOutcome> Outcomes { get; init; } = [];

    /// <summary>What audits found; the last holds.</summary>
    public IReadOnlyList<StoredAudit> Audits { get; init; } = [];
}

/// <summary>Money of which part may be unknown.</summary>
/// <param name="Usd">The known part, in US dollars; <c>null</c> where nothing is known.</param>
/// <param name="Complete">Whether the known part is all of it; otherwise the cost is at least that.</param>
public sealed record StoredCost(decimal? Usd, bool Complete);

/// <summary>An attempt as it is read back.</summary>
public sealed record StoredAttempt
{
    /// <summary>Its number within the request, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>The deployment asked.</summary>
    public required string Deployment { get; init; }

    /// <summary>Its provider's name.</summary>
    public string? Provider { get; init; }

    /// <summary>The model name sent upstream.</summary>
    public string? RequestModel { get; init; }

    /// <summary>The model that answered, as the upstream names it.</summary>
    public string? ResponseModel { get; init; }

    /// <summary>Why it was asked.</summary>
    public required string Purpose { get; init; }

    /// <summary>The stage's index in the route; 0 is the draft.</summary>
    public required int Stage { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>From the start to the first token, in milliseconds; <c>null</c> where none came.</summary>
    public double? TimeToFirstTokenMs { get; init; }

    /// <summary>From the start to the end, in milliseconds.</summary>
    public required double DurationMs { get; init; }

    /// <summary>What became of it.</summary>
    public required string Status { get; init; }

    /// <summary>Why it failed, if it did.</summary>
    public Problem? Problem { get; init; }

    /// <summary>What became of the thinking that was asked for; <c>null</c> where nothing was.</summary>
    public StoredThinking? Thinking { get; init; }

    /// <summary>What its upstream's prompt cache was told and saved; <c>null</c> where neither is known.</summary>
    public StoredPromptCache? PromptCache { get; init; }

    /// <summary>Why the first choice ended.</summary>
    public string? FinishReason { get; init; }

    /// <summary>What the upstream counted; <c>null</c> is unknown.</summary>
    public Usage? Usage { get; init; }

    /// <summary>The object in which the upstream said so.</summary>
    public JsonElement? RawUsage { get; init; }

    /// <summary>What it cost.</summary>
    public required StoredCost Cost { get; init; }

    /// <summary>Where the price was read, such as <c>catalogue: ...</c>; <c>null</c> where that is not said.</summary>
    public string? PriceSource { get; init; }
}

/// <summary>What became of the thinking that was asked for.</summary>
/// <param name="Asked">A level, or a budget in tokens.</param>
/// <param name="Applied">What the model was told: <c>off</c>, <c>on</c>, a level's word, a budget in tokens, or <c>unknown</c>.</param>
/// <param name="Clamped">Whether that is another thing than was asked.</param>
/// <param name="Assumed">Whether the rule is the nearest one rather than a documented one.</param>
/// <param name="Default">Whether nobody asked: the gated route's own default.</param>
/// <param name="InPlaceOf">The deployment in whose place its sibling was asked.</param>
/// <param name="NoEffect">Why the knob had no effect.</param>
public sealed record StoredThinking(string Asked, string Applied, bool Clamped, bool Assumed, bool Default, string? InPlaceOf, string? NoEffect)
{
    internal static StoredThinking Of(AppliedThinking thinking) =>
        new(thinking.Asked.ToString(), thinking.Applied, thinking.Clamped, thinking.Assumed, thinking.IsDefault, thinking.InPlaceOf, thinking.NoEffect);
}

/// <summary>What an upstream's prompt cache was told and saved. Which tokens it answered and kept stands in the usage.</summary>
/// <param name="Marked">The prefixes whose ends were marked: <c>tools</c>, <c>system</c>, <c>history</c>.</param>
/// <param name="Key">Whether a <c>prompt_cache_key</c> was added.</param>
/// <param name="SavedUsd">What was saved against the input price, in US dollars; less than zero where writing cost more than reading saved. <c>null</c>: unknown.</param>
public sealed record StoredPromptCache(IReadOnlyList<string> Marked, bool Key, decimal? SavedUsd)
{
    internal static StoredPromptCache? Of(AttemptRecord attempt) =>
        attempt is { PromptCache: null, SavedUsd: null } ? null : new(attempt.PromptCache?.Marks ?? [], attempt.PromptCache?.Key ?? false, attempt.SavedUsd);
}

/// <summary>A verdict as it is read back.</summary>
/// <param name="Attempt">The judged attempt's number.</param>
/// <param name="Validator">The validator's name in the route.</param>
/// <param name="Verdict">What it said: <c>accept</c>, <c>reject</c> or <c>unknown</c>.</param>
/// <param name="Score">How good the draft is, 0..1, where the validator measures.</param>
/// <param name="Findings">What is wrong, or why it could not run.</param>
/// <param name="Mended">Whether the verdict is about a corrected form of the draft.</param>
/// <param name="OnPrefix">Whether it condemned a prefix, so that the attempt was cut off.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
public sealed record StoredVerdict(int Attempt, string Validator, string Verdict, double? Score, IReadOnlyList<Finding> Findings, bool Mended, bool OnPrefix, double DurationMs);
