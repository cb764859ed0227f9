using Countersign.Cascade.Attempts;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Ledger;

/// <summary>What a caller says of a finished request; the body of <c>POST /v1/outcomes</c>.</summary>
public sealed record Outcome
{
    /// <summary>The request's id, from the response header <c>x-countersign-request-id</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>Whether the answer did what it was for.</summary>
    public required bool Success { get; init; }

    /// <summary>How well, 0..1.</summary>
    public double? Score { get; init; }

    /// <summary>Who or what says so, such as <c>unit-tests</c> or <c>user</c>; at most 200 characters.</summary>
    public string? Source { get; init; }

    /// <summary>Anything else worth keeping; at most 4,000 characters.</summary>
    public string? Note { get; init; }

    /// <summary>Makes a repeated report count once; at most 200 characters, unique among the caller's reports.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>Refuses what cannot be.</summary>
    /// <exception cref="ProblemException">Names the field.</exception>
    public void Check()
    {
        if (RequestId.Length == 0) throw ProblemException.Invalid("request_id is empty; it is in the response header x-countersign-request-id.", "request_id");
        if (Score is not null and not (>= 0 and <= 1)) throw ProblemException.Invalid($"score is {Score}; it goes from 0 to 1.", "score");
        AtMost(200, Source, "source");
        AtMost(4000, Note, "note");
        AtMost(200, IdempotencyKey, "idempotency_key");
    }

    private static void AtMost(int length, string? text, string param)
    {
        if (text?.Length > length) throw ProblemException.Invalid($"{param} has {text.Length} characters; at most {length} are kept.", param);
    }
}

/// <summary>An outcome as it was recorded. The one with the highest number holds; the others are history.</summary>
/// <param name="Number">Its number among the request's outcomes, from 1.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Success">Whether the answer did what it was for.</param>
/// <param name="Score">How well, 0..1.</param>
/// <param name="Source">Who or what says so.</param>
/// <param name="Note">Anything else.</param>
public sealed record StoredOutcome(int Number, DateTimeOffset At, bool Success, double? Score, string? Source, string? Note);

/// <summary>A sampled check of a finished request by the strong model or a reference.</summary>
internal sealed record Audit
{
    /// <summary>The request's id.</summary>
    public required string RequestId { get; init; }

    /// <summary>Who checked: a deployment, or the name of a reference.</summary>
    public required string Auditor { get; init; }

    /// <summary>Whether the answer passed.</summary>
    public required bool Success { get; init; }

    /// <summary>How well, 0..1.</summary>
    public double? Score { get; init; }

    /// <summary>The auditor's words.</summary>
    public string? Note { get; init; }

    /// <summary>The attempts that the audit took; they are billed to the request.</summary>
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];
}

/// <summary>An audit as it was recorded; the one with the highest number holds.</summary>
/// <param name="Number">Its number among the request's audits, from 1.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Auditor">Who checked.</param>
/// <param name="Success">Whether the answer passed.</param>
/// <param name="Score">How well, 0..1.</param>
/// <param name="Note">The auditor's words.</param>
public sealed record StoredAudit(int Number, DateTimeOffset At, string Auditor, bool Success, double? Score, string? Note);
