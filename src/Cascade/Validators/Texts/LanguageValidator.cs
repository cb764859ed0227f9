using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Texts;

/// <summary><c>language</c>: the text is in an allowed language. <c>unknown</c> where the text is too short to tell.</summary>
internal sealed class LanguageValidator : ChoiceValidator
{
    private readonly LanguageOptions options;

    public LanguageValidator(LanguageOptions options) : base("language")
    {
        this.options = options;
        if (options.Is.Except(LanguageGuess.Known, StringComparer.OrdinalIgnoreCase).FirstOrDefault() is { } strange)
        {
            throw ProblemException.Invalid($"The language '{strange}' cannot be told; these can: {string.Join(", ", LanguageGuess.Known)}.", "is");
        }
    }

    public override string Description => options.Is.Count > 0 ? $"The text is in one of: {string.Join(", ", options.Is)}." : "The text is in the language of the request.";

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        if (LanguageGuess.Of(choice.Text) is not { } language) return Ruling.Unknown("The text is too short, or too mixed, to tell its language.");
        var allowed = options.Is;
        if (allowed.Count == 0)
        {
            string asked = context.Request.Messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text ?? "";
            if (LanguageGuess.Of(asked) is not { } own) return Ruling.Unknown("The request is too short to tell its language.");
            allowed = [own];
        }

        return allowed.Contains(language, StringComparer.OrdinalIgnoreCase) ? Ruling.Fine : Ruling.Wrong(new Finding($"The answer must be in {string.Join(" or ", allowed)}; it is in {language}."));
    }
}
