using System.Text.RegularExpressions;
using Countersign.Cascade.JsonSchemas;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Texts;

/// <summary><c>regex</c>: the text matches a pattern.</summary>
internal sealed class RegexValidator(PatternOptions options) : ChoiceValidator("regex")
{
    private readonly Regex pattern = Compile(options.Pattern, "pattern");

    public override string Description => $"The text matches {options.Pattern}.";

    /// <summary>A pattern, or the problem that it is none.</summary>
    public static Regex Compile(string pattern, string option) =>
        EcmaPattern.Compile(pattern) ?? throw ProblemException.Invalid($"'{pattern}' is no regular expression (ECMA-262).", option);

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        try
        {
            return pattern.IsMatch(choice.Text) ? Ruling.Fine : Ruling.Wrong(new Finding($"The answer must match the pattern {options.Pattern}."));
        }
        catch (RegexMatchTimeoutException)
        {
            return Ruling.Unknown("The pattern takes too long to match.");
        }
    }
}
