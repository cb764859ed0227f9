using Countersign.Replay.Recordings;

namespace Countersign.Replay.Asking;

/// <summary>Asks all questions of a set, some at once. Every second one is streamed, so that both ways are gone.</summary>
/// <param name="client">The gateway's client.</param>
/// <param name="parallel">Requests at once.</param>
/// <param name="advance">Told of every finished step; from several threads.</param>
internal sealed class Questioning(Client client, int parallel, Action advance)
{
    /// <summary>Asks <paramref name="target"/> everything, and reads what the ledger then has of it.</summary>
    public async Task<TargetRun> AskAsync(IReadOnlyList<RecordedQuestion> questions, string target, CancellationToken cancellationToken)
    {
        var answers = new Answered[questions.Count];
        var ledger = new LedgerView[questions.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, questions.Count), Options(cancellationToken), async (index, cancellation) =>
        {
            answers[index] = await client.AskAsync(questions[index], target, stream: index % 2 == 1, cancellation);
            advance();
            ledger[index] = await client.LedgerOfAsync(answers[index].RequestId, cancellation);
            advance();
        });
        return new TargetRun(target, answers, ledger);
    }

    /// <summary>Reports the outcomes of a graded run.</summary>
    public Task ReportAsync(TargetRun run, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(Enumerable.Range(0, run.Answers.Count), Options(cancellationToken), async (index, cancellation) =>
        {
            await client.ReportAsync(run.Answers[index].RequestId, run.Rights[index], cancellation);
            advance();
        });

    private ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
}
