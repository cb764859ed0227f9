using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Texts;

/// <summary><c>contains</c>: texts that must occur.</summary>
internal sealed class ContainsValidator : ChoiceValidator
{
    private readonly ContainsOptions options;
    private readonly StringComparison comparison;

    public ContainsValidator(ContainsOptions options) : base("contains")
    {
        if (options.All.Count + options.Any.Count == 0) throw ProblemException.Invalid("There is no text to look for; name some in 'all' or 'any'.", "all");
        this.options = options;
        comparison = options.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
    }

    public override string Description =>
        $"The text contains {string.Join(", ", options.All.Select(text => $"\"{text}\""))}{(options.All.Count > 0 && options.Any.Count > 0 ? " and " : "")}{(options.Any.Count > 0 ? $"one of {string.Join(", ", options.Any.Select(text => $"\"{text}\""))}" : "")}.";

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        List<Finding> findings = [.. options.All.Where(text => !choice.Text.Contains(text, comparison)).Select(text => new Finding($"The answer must contain \"{text}\"."))];
        if (options.Any.Count > 0 && !options.Any.Any(text => choice.Text.Contains(text, comparison))) findings.Add(new Finding($"The answer must contain one of {string.Join(", ", options.Any.Select(text => $"\"{text}\""))}."));
        return findings.Count == 0 ? Ruling.Fine : Ruling.Wrong(findings);
    }
}
