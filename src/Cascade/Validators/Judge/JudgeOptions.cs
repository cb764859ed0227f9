using System.ComponentModel;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Judge;

/// <summary>Options of <c>judge</c>.</summary>
public sealed record JudgeOptions
{
    /// <summary>Who judges: a deployment or a pool.</summary>
    [Description("Who judges: a deployment or a pool.")]
    public required string Deployment { get; set; }

    /// <summary>What the judge checks of an answer.</summary>
    [Description("What the judge checks of an answer, such as: Is every field supported by the document?")]
    public required string Rubric { get; set; }

    /// <summary>The least score that passes.</summary>
    [Description("The least score that passes, 0 to 1.")]
    public double Accept { get; set; } = 0.7;

    /// <summary>The share of drafts that are judged; the same draft is always judged or never. One that is spared has no verdict of this judge.</summary>
    [Description("The share of drafts that are judged, 0 to 1. The others pass this check without a verdict; one that no other check judges either goes out, but counts as answered, not as accepted.")]
    public double Sample { get; set; } = 1;

    /// <summary>Who answers the same request, for a comparison.</summary>
    [Description("A deployment that answers the same request: the judge then compares the two answers, in both orders. 1: the draft is better, 0.5: equal, 0: worse.")]
    public string? Against { get; set; }

    /// <summary>The thinking asked of the judge.</summary>
    [Description("The thinking asked of the judge.")]
    public ThinkingLevel Thinking { get; set; } = ThinkingLevel.Medium;

    /// <summary>The most output tokens of a verdict, thinking included.</summary>
    [Description("The most output tokens of a verdict, thinking included.")]
    public int MaxOutputTokens { get; set; } = 4096;

    internal void Check()
    {
        if (Deployment.Length == 0) throw ProblemException.Invalid("A judge needs a deployment.", "deployment");
        if (string.IsNullOrWhiteSpace(Rubric)) throw ProblemException.Invalid("A judge needs a rubric.", "rubric");
        if (Accept is not (> 0 and <= 1)) throw ProblemException.Invalid($"{Accept} is no score above 0 and up to 1.", "accept");
        if (Sample is not (> 0 and <= 1)) throw ProblemException.Invalid($"{Sample} is no share above 0 and up to 1.", "sample");
        if (MaxOutputTokens < 16) throw ProblemException.Invalid("A verdict needs at least 16 output tokens.", "max_output_tokens");
    }
}
