using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators;

/// <summary>A check that looks at each choice of a draft by itself, without asking anyone.</summary>
internal abstract class ChoiceValidator(string name) : IValidator
{
    public string Name { get; } = name;

    public abstract string Description { get; }

    public ValidatorCost Cost => ValidatorCost.Free;

    public virtual int? TopLogprobs => null;

    public ValueTask<Verdict> JudgeAsync(Draft draft, ValidationContext context, CancellationToken cancellationToken)
    {
        var choices = draft.Answer.Choices;
        if (choices.Count == 0) return ValueTask.FromResult(Verdict.Reject(new Finding("The answer is empty.")));
        List<Finding> findings = [];
        List<ChatChoice> mended = [];
        double? score = null;
        foreach (var choice in choices)
        {
            var ruling = Judge(choice, context);
            if (ruling.UnknownBecause is { } why) return ValueTask.FromResult(Verdict.Unknown(why));
            findings.AddRange(ruling.Findings);
            mended.Add(ruling.Mended ?? choice);
            score = Math.Min(score ?? 1, ruling.Score ?? score ?? 1);
            if (ruling.Score is null) score = null;
        }

        var answer = mended.SequenceEqual(choices) ? null : draft.Answer with { Choices = mended };
        return ValueTask.FromResult(findings.Count > 0 ? new Verdict(VerdictKind.Reject, findings, score) : new Verdict(VerdictKind.Accept, [], score, answer));
    }

    public virtual IPrefixJudge? JudgePrefix(ValidationContext context) => null;

    /// <summary>Judges one choice.</summary>
    protected abstract Ruling Judge(ChatChoice choice, ValidationContext context);
}

/// <summary>What is said of one choice.</summary>
/// <param name="Findings">What is wrong; empty: nothing.</param>
/// <param name="Mended">The choice in its corrected form, where it was corrected.</param>
/// <param name="Score">How good it is, 0..1, where that is measured.</param>
/// <param name="UnknownBecause">Why the check could not run.</param>
internal sealed record Ruling(IReadOnlyList<Finding> Findings, ChatChoice? Mended = null, double? Score = null, string? UnknownBecause = null)
{
    /// <summary>Nothing to object.</summary>
    public static Ruling Fine { get; } = new([]);

    /// <summary>Something is wrong.</summary>
    public static Ruling Wrong(params IReadOnlyList<Finding> findings) => new(findings);

    /// <summary>The check could not run.</summary>
    public static Ruling Unknown(string why) => new([], UnknownBecause: why);
}
