using Countersign.Cascade.Validators;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Running;

/// <summary>A draft with what was said of it.</summary>
/// <param name="Draft">The draft, mended where a validator mended it.</param>
/// <param name="Events">What the client gets if it wins.</param>
/// <param name="IsWhole">Whether it came to its end; one that was cut off never reaches a client.</param>
internal sealed record Judged(Draft Draft, IReadOnlyList<ChatEvent> Events, bool IsWhole)
{
    /// <summary>Whether every check made so far let it pass.</summary>
    public bool Passed { get; init; } = true;

    /// <summary>Whether it must not go out, whatever becomes of the others (<see cref="IValidator.Withholds"/>).</summary>
    public bool IsWithheld { get; init; }

    /// <summary>What is wrong with it. Empty also where it did not pass because a check could not run: nothing is known that a repair could mend.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The index of the choice that they are about.</summary>
    public int Choice { get; init; }

    /// <summary>How many validators accepted it.</summary>
    public int Accepts { get; init; }

    /// <summary>The last score that a validator gave.</summary>
    public double? Score { get; init; }

    /// <summary>Rejected, for these reasons.</summary>
    public Judged Reject(params IReadOnlyList<Finding> findings) => this with { Passed = false, Findings = findings };

    /// <summary>Whether this one is the better answer where none passed: more accepts, a higher score, a later attempt.</summary>
    public bool IsBetterThan(Judged? other) => other is null ||
        (Accepts, Score ?? 0, Draft.Attempt.Number).CompareTo((other.Accepts, other.Score ?? 0, other.Draft.Attempt.Number)) > 0;
}
