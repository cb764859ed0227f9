using System.Globalization;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Texts;

/// <summary><c>confidence</c>: the model's own probabilities of what it wrote. <c>unknown</c> where the upstream gives none. Measured on recorded traffic it ranks drafts
/// poorly; use it beside a check of facts, not alone.</summary>
internal sealed class ConfidenceValidator : ChoiceValidator
{
    private readonly ConfidenceOptions options;

    public ConfidenceValidator(ConfidenceOptions options) : base("confidence", judgesCalls: true)
    {
        double?[] bounds = [options.Mean, options.Min, options.Margin];
        if (bounds.All(bound => bound is null)) throw ProblemException.Invalid("There is no bound; give 'mean', 'min' or 'margin'.", "mean");
        if (bounds.Any(bound => bound is < 0 or > 1)) throw ProblemException.Invalid("Probabilities are between 0 and 1.", "mean");
        this.options = options;
    }

    public override string Description => "The model was sure of its words" + string.Concat(Parts()) + ".";

    public override int? TopLogprobs => options.Margin is null ? 0 : 2;

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        // Many servers give those of a text only.
        if (choice.Logprobs is not { Count: > 0 } tokens) return OnlyCalls(choice, context.Request) ? Ruling.Fine : Ruling.Unknown("The upstream gave no log-probabilities.");
        double mean = Math.Exp(tokens.Average(token => token.Logprob)), min = Math.Exp(tokens.Min(token => token.Logprob));
        double? margin = MarginOf(tokens);
        if (options.Margin is not null && margin is null) return Ruling.Unknown("The upstream gave no alternatives to its tokens (top_logprobs).");
        List<Finding> findings = [];
        if (mean < options.Mean) findings.Add(Low("mean probability", mean, options.Mean.Value));
        if (min < options.Min) findings.Add(Low("least probability", min, options.Min.Value));
        if (margin < options.Margin) findings.Add(Low("mean margin", margin.Value, options.Margin!.Value));
        return new Ruling(findings, Score: mean);
    }

    private static double? MarginOf(IReadOnlyList<TokenLogprob> tokens)
    {
        var margins = tokens.Where(token => token.Top is { Count: >= 2 }).Select(token => token.Top!.OrderByDescending(top => top.Logprob).ToList()).Select(top => Math.Exp(top[0].Logprob) - Math.Exp(top[1].Logprob)).ToList();
        return margins.Count == 0 ? null : margins.Average();
    }

    private static Finding Low(string what, double found, double least) =>
        new(string.Create(CultureInfo.InvariantCulture, $"The model was not sure of its answer: the {what} of its tokens is {found:F3}, below {least:F3}. Check the answer again."));

    private IEnumerable<string> Parts()
    {
        if (options.Mean is { } mean) yield return string.Create(CultureInfo.InvariantCulture, $", mean probability at least {mean}");
        if (options.Min is { } min) yield return string.Create(CultureInfo.InvariantCulture, $", no token below {min}");
        if (options.Margin is { } margin) yield return string.Create(CultureInfo.InvariantCulture, $", mean margin at least {margin}");
    }
}
