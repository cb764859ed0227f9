using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators;

/// <summary>What a validator can say.</summary>
public enum VerdictKind { Accept, Reject, Unknown }

/// <summary>What a validator says of a draft.</summary>
/// <param name="Kind">Accept, reject, or unknown (it could not run).</param>
/// <param name="Findings">What is wrong, in words that a repair can act on; for unknown: why it could not run.</param>
/// <param name="Score">How good the draft is, 0..1, where the validator measures.</param>
/// <param name="Mended">The draft's answer in the corrected form that the verdict is about (near-JSON made JSON, a near-call made a call);
/// later validators, the client and the ledger see it in place of the draft. Reasoning is never mended. <c>null</c>: the draft as it is.</param>
public sealed record Verdict(VerdictKind Kind, IReadOnlyList<Finding> Findings, double? Score = null, ChatAnswer? Mended = null)
{
    /// <summary>Nothing to object.</summary>
    public static Verdict Accept { get; } = new(VerdictKind.Accept, []);

    /// <summary>Accepted with a score.</summary>
    public static Verdict AcceptWith(double score) => new(VerdictKind.Accept, [], score);

    /// <summary>Rejected for these reasons.</summary>
    public static Verdict Reject(params IReadOnlyList<Finding> findings) => new(VerdictKind.Reject, findings);

    /// <summary>Could not run.</summary>
    public static Verdict Unknown(string why) => new(VerdictKind.Unknown, [new Finding(why)]);
}

/// <summary>One thing that is wrong with a draft.</summary>
/// <param name="Message">What, in words for a model that repairs it.</param>
/// <param name="Where">The place: a JSON pointer, a field, a tool call.</param>
public sealed record Finding(string Message, string? Where = null);
