using System.Text.RegularExpressions;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Texts;

/// <summary><c>forbids</c>: texts and patterns that must not occur. A forbidden text condemns a draft as soon as it stands there.</summary>
internal sealed class ForbidsValidator : ChoiceValidator
{
    private readonly ForbidsOptions options;
    private readonly StringComparison comparison;
    private readonly IReadOnlyList<Regex> patterns;

    public ForbidsValidator(ForbidsOptions options) : base("forbids")
    {
        if (options.Texts.Count + options.Patterns.Count == 0) throw ProblemException.Invalid("Nothing is forbidden; name some 'texts' or 'patterns'.", "texts");
        if (options.Texts.Any(text => text.Length == 0)) throw ProblemException.Invalid("An empty text occurs everywhere.", "texts");
        this.options = options;
        comparison = options.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        patterns = [.. options.Patterns.Select(pattern => RegexValidator.Compile(pattern, "patterns"))];
    }

    public override string Description =>
        $"The text contains none of {string.Join(", ", options.Texts.Select(text => $"\"{text}\"").Concat(options.Patterns))}.";

    public override IPrefixJudge? JudgePrefix(ValidationContext context) =>
        options.Texts.Count == 0 ? null : new TextPrefixJudge(() => new Watch(this));

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        try
        {
            List<Finding> findings = [.. options.Texts.Where(text => choice.Text.Contains(text, comparison)).Select(Forbidden)];
            findings.AddRange(patterns.Select(pattern => pattern.Match(choice.Text)).Where(match => match.Success).Select(match => Forbidden(match.Value)));
            return findings.Count == 0 ? Ruling.Fine : Ruling.Wrong(findings);
        }
        catch (RegexMatchTimeoutException)
        {
            return Ruling.Unknown("A pattern takes too long to match.");
        }
    }

    private static Finding Forbidden(string text) => new($"The answer must not contain \"{text}\".");

    private sealed class Watch(ForbidsValidator validator) : ITextWatch
    {
        private readonly int overlap = validator.options.Texts.Max(text => text.Length) - 1;
        private string tail = "";

        public Finding? See(string text)
        {
            tail += text;
            if (validator.options.Texts.FirstOrDefault(forbidden => tail.Contains(forbidden, validator.comparison)) is { } found) return Forbidden(found);
            tail = tail[Math.Max(0, tail.Length - overlap)..];
            return null;
        }
    }
}
