using Countersign.Cascade.Attempts;
using Countersign.Protocol.Chat;

namespace Countersign.Cascade.Validators.Judge;

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
