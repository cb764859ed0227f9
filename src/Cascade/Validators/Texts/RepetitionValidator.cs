using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Texts;

/// <summary><c>repetition</c>: the model is caught in a loop, the same piece following itself over and over, in the text, the reasoning or the arguments of a call. Condemned while it streams.</summary>
internal sealed class RepetitionValidator : ChoiceValidator
{
    private readonly RepetitionOptions options;

    public RepetitionValidator(RepetitionOptions options) : base("repetition", judgesCalls: true)
    {
        if (options.Times < 2) throw ProblemException.Invalid("A loop repeats at least twice.", "times");
        if (options.Span < 20) throw ProblemException.Invalid("A loop has at least 20 characters.", "span");
        this.options = options;
    }

    public override string Description => $"No piece of what it says follows itself {options.Times} times or more over {options.Span} characters.";

    public override IPrefixJudge? JudgePrefix(ValidationContext context) => new TextPrefixJudge(() => new LoopDetector(options.Times, options.Span), everywhere: true);

    protected override Ruling Judge(ChatChoice choice, ValidationContext context) =>
        Said.By(choice).Select(said => LoopIn(said.Text, said.Place)).OfType<Finding>().FirstOrDefault() is { } finding ? Ruling.Wrong(finding) : Ruling.Fine;

    private Finding? LoopIn(string text, SaidPlace place) =>
        new LoopDetector(options.Times, options.Span).See(text) is { } finding ? finding with { Where = place.Words } : null;
}
