using System.Text.RegularExpressions;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Texts;

/// <summary><c>forbids</c>: texts and patterns that must not occur, in the text, the reasoning, a refusal or the arguments of a call. A draft with one never goes out;
/// a forbidden text condemns it as soon as it stands there.</summary>
internal sealed class ForbidsValidator : ChoiceValidator
{
    private readonly ForbidsOptions options;
    private readonly StringComparison comparison;
    private readonly IReadOnlyList<Regex> patterns;

    public ForbidsValidator(ForbidsOptions options) : base("forbids", judgesCalls: true)
    {
        if (options.Texts.Count + options.Patterns.Count == 0) throw ProblemException.Invalid("Nothing is forbidden; name some 'texts' or 'patterns'.", "texts");
        if (options.Texts.Any(text => text.Length == 0)) throw ProblemException.Invalid("An empty text occurs everywhere.", "texts");
        this.options = options;
        comparison = options.CaseSensitive ? StringComparison.Ordinal : StringComparison.OrdinalIgnoreCase;
        patterns = [.. options.Patterns.Select(pattern => RegexValidator.Compile(pattern, "patterns"))];
    }

    public override string Description =>
        $"It nowhere contains any of {string.Join(", ", options.Texts.Select(text => $"\"{text}\"").Concat(options.Patterns))}.";

    public override bool Withholds => true;

    public override IPrefixJudge? JudgePrefix(ValidationContext context) =>
        options.Texts.Count == 0 ? null : new TextPrefixJudge(() => new Watch(this), everywhere: true);

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        bool isSlow = false;
        List<Finding> findings = [];
        foreach (var (place, said) in Said.By(choice))
        {
            foreach (string text in JsonTexts.In(said).Prepend(said))
            {
                findings.AddRange(options.Texts.Where(forbidden => text.Contains(forbidden, comparison)).Select(forbidden => Forbidden(forbidden, place)));
                foreach (var pattern in patterns) if (Match(pattern, text, ref isSlow) is { } found) findings.Add(Forbidden(found, place));
            }
        }

        if (findings.Count > 0) return Ruling.Wrong([.. findings.Distinct()]);
        return isSlow ? Ruling.Unknown("A pattern takes too long to match.") : Ruling.Fine;
    }

    private static string? Match(Regex pattern, string text, ref bool isSlow)
    {
        try
        {
            return pattern.Match(text) is { Success: true } match ? match.Value : null;
        }
        catch (RegexMatchTimeoutException)
        {
            isSlow = true;
            return null;
        }
    }

    private static Finding Forbidden(string text, SaidPlace place = default) => new($"The answer must not contain \"{text}\".", place.Words);

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
