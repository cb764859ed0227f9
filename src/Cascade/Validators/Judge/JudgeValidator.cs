using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Wire;

namespace Countersign.Cascade.Validators.Judge;

/// <summary>Asks a deployment to judge a draft by a rubric. The draft is fenced as data; what the judge says counts only in the form it was asked for.</summary>
internal sealed class JudgeValidator : IValidator
{
    private readonly JudgeOptions options;

    public JudgeValidator(JudgeOptions options)
    {
        options.Check();
        this.options = options;
    }

    public string Name => "judge";

    public string Description => options.Against is null
        ? $"{options.Deployment} gives at least {options.Accept:0.##} for: {options.Rubric}{Sampled}"
        : $"{options.Deployment} finds it no worse than the answer of {options.Against} (at least {options.Accept:0.##}) for: {options.Rubric}{Sampled}";

    public ValidatorCost Cost => ValidatorCost.Model;

    public IReadOnlyList<string> Deployments => options.Against is { } other ? [other, options.Deployment, options.Deployment] : [options.Deployment];

    private string Sampled => options.Sample < 1 ? $" ({options.Sample:P0} of drafts)" : "";

    // By the draft's own content: asked again, the same draft meets the same fate.
    public bool Judges(Draft draft, ValidationContext context)
    {
        if (options.Sample >= 1) return true;
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{context.Request.Messages[^1].Text}\n{string.Join('\n', draft.Answer.Choices.Select(choice => choice.Text))}"));
        return BinaryPrimitives.ReadUInt32LittleEndian(hash) < options.Sample * uint.MaxValue;
    }

    public async ValueTask<Verdict> JudgeAsync(Draft draft, ValidationContext context, CancellationToken cancellationToken)
    {
        var asking = new JudgeCall(context, draft.Attempt.Stage, cancellationToken);
        var ruling = options.Against is { } other ? await CompareAsync(draft.Answer, other, asking) : await RuleAsync(draft.Answer, asking);
        if (ruling.Score is not { } score) return Verdict.Unknown(ruling.Problem!);
        if (score >= options.Accept) return Verdict.AcceptWith(score);
        IReadOnlyList<Finding> findings = ruling.Findings.Count > 0 ? ruling.Findings : [new Finding($"It does not meet this: {options.Rubric}")];
        return new Verdict(VerdictKind.Reject, findings, score);
    }

    private async Task<Ruling> RuleAsync(ChatAnswer draft, JudgeCall asking)
    {
        var answer = await asking.AskAsync(options.Deployment, Limited(JudgePrompt.Score(options.Rubric, asking.Request, draft)));
        return answer.Whole is { } whole ? Ruling.ReadScore(whole.Text) : Ruling.None(answer.Problem!);
    }

    private async Task<Ruling> CompareAsync(ChatAnswer draft, string other, JudgeCall asking)
    {
        var reference = await asking.AskAsync(other, asking.Request with { ChoiceCount = 1 });
        if (reference.Whole is not { } against) return Ruling.None(reference.Problem!);
        var first = await asking.AskAsync(options.Deployment, Limited(JudgePrompt.Compare(options.Rubric, asking.Request, draft, against)));
        if (first.Whole is null) return Ruling.None(first.Problem!);
        var swapped = await asking.AskAsync(options.Deployment, Limited(JudgePrompt.Compare(options.Rubric, asking.Request, against, draft)));
        return swapped.Whole is null ? Ruling.None(swapped.Problem!) : Ruling.Mean(Ruling.ReadBetter(first.Whole.Text, draft: "A"), Ruling.ReadBetter(swapped.Whole.Text, draft: "B"));
    }

    private ChatRequest Limited(ChatRequest request) => request with
    {
        Api = WireApiKind.OpenAiChat,
        Model = options.Deployment,
        Thinking = new Thinking(options.Thinking),
        MaxOutputTokens = options.MaxOutputTokens,
    };
}

/// <summary>Asks deployments on behalf of a judge; the attempts go into the request's trace.</summary>
internal sealed class JudgeCall(ValidationContext context, int stage, CancellationToken cancellationToken)
{
    public ChatRequest Request => context.Request;

    /// <summary>The whole answer, or why there is none.</summary>
    public async Task<(ChatAnswer? Whole, string? Problem)> AskAsync(string deployment, ChatRequest request)
    {
        var builder = new AnswerBuilder();
        var attempt = new AttemptRequest { Request = request, Targets = [deployment], Purpose = AttemptPurpose.Judge, Stage = stage };
        await foreach (var chatEvent in context.Attempter.AttemptAsync(attempt, context.Trace, cancellationToken))
        {
            if (chatEvent is AttemptFailed failed) return (null, failed.Problem.Message);
            builder.Add(chatEvent);
        }

        return (builder.Build(), null);
    }
}
