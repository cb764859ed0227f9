using Countersign.Cascade.Validators.Command;
using Countersign.Cascade.Validators.Judge;
using Countersign.Cascade.Validators.Webhook;

namespace Countersign.Cascade.Validators;

/// <summary>Every kind of validator that a route can name.</summary>
public static class ValidatorCatalogue
{
    /// <summary>The kinds, cheapest first.</summary>
    public static IReadOnlyList<ValidatorKind> All { get; } =
    [
        ValidatorKind.Of("command", "An external program judges: JSON on its input, its verdict on its output or by exit code.", AskingValidatorJson.Default.CommandOptions, options => new CommandValidator(options)),
        ValidatorKind.Of("webhook", "An HTTP service judges: JSON is posted, its answer is the verdict.", AskingValidatorJson.Default.WebhookOptions, options => new WebhookValidator(options)),
        ValidatorKind.Of("judge", "A deployment judges by a rubric, in a structured verdict.", AskingValidatorJson.Default.JudgeOptions, options => new JudgeValidator(options)),
    ];

    /// <summary>The kind named <paramref name="name"/>, or <c>null</c>.</summary>
    public static ValidatorKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}
