using Countersign.Cascade.Validators.Command;
using Countersign.Cascade.Validators.Facts;
using Countersign.Cascade.Validators.Judge;
using Countersign.Cascade.Validators.Structure;
using Countersign.Cascade.Validators.Texts;
using Countersign.Cascade.Validators.Webhook;

namespace Countersign.Cascade.Validators;

/// <summary>Every kind of validator that a route can name.</summary>
public static class ValidatorCatalogue
{
    /// <summary>The kinds, cheapest first.</summary>
    public static IReadOnlyList<ValidatorKind> All { get; } =
    [
        ValidatorKind.Of("length", "The text is neither too short nor too long.", ValidatorJson.Default.LengthOptions, options => new LengthValidator(options)),
        ValidatorKind.Of("contains", "Texts that must occur.", ValidatorJson.Default.ContainsOptions, options => new ContainsValidator(options)),
        ValidatorKind.Of("forbids", "Texts and patterns that must not occur.", ValidatorJson.Default.ForbidsOptions, options => new ForbidsValidator(options)),
        ValidatorKind.Of("regex", "A pattern that the text must match.", ValidatorJson.Default.PatternOptions, options => new RegexValidator(options)),
        ValidatorKind.Of("refusal", "The model answers and does not decline.", ValidatorJson.Default.RefusalOptions, options => new RefusalValidator(options)),
        ValidatorKind.Of("repetition", "The model is not caught in a loop.", ValidatorJson.Default.RepetitionOptions, options => new RepetitionValidator(options)),
        ValidatorKind.Of("language", "The language of the text.", ValidatorJson.Default.LanguageOptions, options => new LanguageValidator(options)),
        ValidatorKind.Of("confidence", "The model's own probabilities; unknown where the upstream gives none.", ValidatorJson.Default.ConfidenceOptions, options => new ConfidenceValidator(options)),
        ValidatorKind.Of("json_schema", "The answer is JSON and fits a schema.", ValidatorJson.Default.SchemaCheckOptions, options => new JsonSchemaValidator(options)),
        ValidatorKind.Of("tool_call", "Tools that are called exist, and their arguments fit.", ValidatorJson.Default.ToolCallOptions, options => new ToolCallValidator(options)),
        ValidatorKind.Of("quotes", "What the answer quotes occurs in the input.", ValidatorJson.Default.QuotesOptions, options => new QuotesValidator(options)),
        ValidatorKind.Of("expression", "What must hold between the fields of a JSON answer.", ValidatorJson.Default.ExpressionOptions, options => new ExpressionValidator(options)),
        ValidatorKind.Of("command", "An external program judges: JSON on its input, its verdict on its output or by exit code.", AskingValidatorJson.Default.CommandOptions, (options, folder) => new CommandValidator(options, folder)),
        ValidatorKind.Of("webhook", "An HTTP service judges: JSON is posted, its answer is the verdict.", AskingValidatorJson.Default.WebhookOptions, options => new WebhookValidator(options)),
        ValidatorKind.Of("judge", "A deployment judges by a rubric, in a structured verdict.", AskingValidatorJson.Default.JudgeOptions, options => new JudgeValidator(options)),
    ];

    /// <summary>The kind named <paramref name="name"/>, or <c>null</c>.</summary>
    public static ValidatorKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
