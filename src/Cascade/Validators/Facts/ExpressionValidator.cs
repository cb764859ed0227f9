using Countersign.Cascade.Answers;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Cascade.Validators.Facts;

/// <summary><c>expression</c>: what must hold between the fields of a JSON answer.</summary>
internal sealed class ExpressionValidator : ChoiceValidator
{
    private readonly IReadOnlyList<(string Text, Expression Expression)> checks;
    private readonly decimal tolerance;

    public ExpressionValidator(ExpressionOptions options) : base("expression")
    {
        if (options.Checks.Count == 0) throw ProblemException.Invalid("There is no expression to check.", "checks");
        checks = [.. options.Checks.Select(text => (text, ExpressionParser.Parse(text)))];
        tolerance = options.Tolerance;
    }

    public override string Description => $"Of the answer holds: {string.Join("; ", checks.Select(check => check.Text))}.";

    protected override Ruling Judge(ChatChoice choice, ValidationContext context)
    {
        if (NearJson.Read(choice.Text).Value is not { } answer) return Ruling.Wrong(new Finding("The answer holds no JSON."));
        List<Finding> findings = [];
        foreach (var (text, expression) in checks)
        {
            try
            {
                if (!expression.Evaluate(new ExpressionScope(answer, tolerance)).IsTrue) findings.Add(new Finding($"It must hold that {text}, but {expression.Explain(new ExpressionScope(answer, tolerance))}."));
            }
            catch (ExpressionException exception)
            {
                findings.Add(new Finding($"It must hold that {text}, but {exception.Message}."));
            }
        }

        return findings.Count == 0 ? Ruling.Fine : Ruling.Wrong(findings);
    }
}
