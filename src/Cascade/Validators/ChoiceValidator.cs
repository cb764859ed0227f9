using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators;

/// <summary>A check that asks nobody: it looks at the draft's choice.</summary>
/// <param name="name">Its name in a route.</param>
/// <param name="judgesCalls">Whether it also looks at a choice that calls tools of the request and says nothing. Most checks are of the text that answers; such a choice has none yet, and its calls are for <c>tool_call</c> to judge.</param>
internal abstract class ChoiceValidator(string name, bool judgesCalls = false) : IValidator
{
    public string Name { get; } = name;

    public abstract string Description { get; }

    public ValidatorCost Cost => ValidatorCost.Free;

    public virtual int? TopLogprobs => null;

    public virtual bool Mends => false;

    public virtual bool Withholds => false;

    public ValueTask<Verdict> JudgeAsync(Draft draft, ValidationContext context, CancellationToken cancellationToken)
    {
        if (draft.Answer.Choices is not [var choice, ..]) return ValueTask.FromResult(Verdict.Reject(new Finding("The answer is empty.")));
        var ruling = !judgesCalls && OnlyCalls(choice, context.Request) ? Ruling.Fine : Judge(choice, context);
        if (ruling.UnknownBecause is { } why) return ValueTask.FromResult(Verdict.Unknown(why));
        if (ruling.Findings.Count > 0) return ValueTask.FromResult(new Verdict(VerdictKind.Reject, ruling.Findings, ruling.Score));
        var mended = ruling.Mended is { } better && better != choice ? draft.Answer with { Choices = [better] } : null;
        return ValueTask.FromResult(new Verdict(VerdictKind.Accept, [], ruling.Score, mended));
    }

    public virtual IPrefixJudge? JudgePrefix(ValidationContext context) => null;

    /// <summary>Whether the choice calls tools, as the request lets it, and says nothing.</summary>
    protected static bool OnlyCalls(ChatChoice choice, ChatRequest request) =>
        choice.ToolCalls.Count > 0 && string.IsNullOrWhiteSpace(choice.Text) && request.Tools.Count > 0 && request.ToolChoice?.Mode is not ToolChoiceMode.None;

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
