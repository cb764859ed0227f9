using Countersign.Cascade.Money;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Ledger.Sqlite;
using Countersign.Gateway.Pipeline;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Batches;

/// <summary>Answers a file of requests in this process, on the way that the server's requests go: same cascade, limits and ledger, with the caller <c>local</c>.</summary>
internal sealed class BatchRunner : IAsyncDisposable
{
    private readonly ServiceProvider services;
    private readonly string input, route;

    /// <exception cref="ProblemException">The ledger cannot be opened.</exception>
    public BatchRunner(ConfigurationSource configurations, string input, string route, Action<ILoggingBuilder> logging)
    {
        (this.input, this.route) = (input, route);
        var collection = new ServiceCollection().AddLogging(logging);
        var ledger = Task.FromResult(SqliteLedger.Open(configurations.Current.Ledger.Path, TimeProvider.System));
        GatewayHost.AddServices(collection, configurations, ListenAddress.Parse(configurations.Current.Server.Listen)!.Value, ledger);
        services = collection.BuildServiceProvider();
    }

    private GatewaySnapshot Snapshot => services.GetRequiredService<SnapshotSource>().Current;

    private TimeProvider Time => services.GetRequiredService<TimeProvider>();

    /// <summary>What would be asked, and the most that it can cost together; asks nothing, and leaves the output and its journal as they are.</summary>
    /// <param name="outputPath">The output, whether there is one or not.</param>
    /// <exception cref="ProblemException">A line cannot be run, or the output is none of these requests.</exception>
    public (BatchTally Tally, Cost WorstCase) Look(string outputPath)
    {
        var worst = Cost.Zero;
        var tally = Check(outputPath, asked => worst += asked.Bounds.Most);
        return (tally, worst);
    }

    /// <summary>Answers what no earlier run has.</summary>
    /// <param name="outputPath">Takes a line for each request.</param>
    /// <param name="parallel">How many requests run at once.</param>
    /// <param name="report">Is told after each request; one call at a time.</param>
    /// <param name="cancellationToken">Stops; what runs is cancelled, and asked again by the next run.</param>
    /// <exception cref="ProblemException">A line cannot be run, or the output is none of these requests; nothing was asked or touched then.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public async Task<BatchTally> RunAsync(string outputPath, int parallel, Action<BatchTally> report, CancellationToken cancellationToken)
    {
        var tally = Check(outputPath, _ => { });
        await using var output = await BatchOutput.OpenAsync(outputPath, IsBilled);
        var gate = new Lock();
        report(tally);
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(BatchLine.ReadAll(input, route, new WrongLines()).Where(line => !output.Earlier.Has(line)), options, async (line, stop) =>
        {
            var (asked, isAnswered) = await AnswerAsync(line, output, stop);
            lock (gate) report(tally = tally.With(asked.Trace, isAnswered));
        });
        output.Complete();
        return tally.Left == 0 ? tally : throw new IOException($"The input or the output changed while it ran: {Math.Abs(tally.Left)} requests are {(tally.Left > 0 ? "missing" : "too many")}. The same command goes on from here.");
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    /// <summary>The whole input must be good before anything is asked, and before the output is touched.</summary>
    private BatchTally Check(string outputPath, Action<AskedChat> isToAsk)
    {
        Snapshot.PlanFor(route, Caller.Local);
        var answers = BatchAnswers.Read(BatchOutput.TargetOf(outputPath), IsBilled);
        var (total, earlier) = (0, 0);
        var wrong = new WrongLines();
        foreach (var line in BatchLine.ReadAll(input, route, wrong))
        {
            total++;
            if (TryAsk(line, wrong) is not { } asked) continue;
            if (answers.Has(line)) earlier++;
            else isToAsk(asked);
        }

        wrong.ThrowIfAny();
        return new BatchTally(total, earlier);
    }

    private async Task<(AskedChat Asked, bool IsAnswered)> AnswerAsync(BatchLine line, BatchOutput output, CancellationToken cancellationToken)
    {
        var asked = Ask(line);
        using var answer = new CollectedAnswer(asked, line, output);
        try
        {
            await services.GetRequiredService<RequestPipeline>().AnswerAsync(asked, answer, cancellationToken);
        }
        catch (ProblemException refused)
        {
            await answer.FailAsync(refused.Problem, cancellationToken);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return (asked, answer.Problem is null);
    }

    private AskedChat? TryAsk(BatchLine line, WrongLines wrong)
    {
        try
        {
            return Ask(line);
        }
        catch (ProblemException exception) when (exception.Problem.Kind == ProblemKind.InvalidRequest)
        {
            wrong.Add($"The request '{line.CustomId}' cannot be run: {exception.Message}");
            return null;
        }
    }

    private AskedChat Ask(BatchLine line)
    {
        var arrival = new Arrival(RequestId.New(Time), Time.GetUtcNow(), Time.GetTimestamp(), default);
        return new AskedChat(arrival, Caller.Local, Snapshot, WireRequestScanner.Scan(WireApiKind.OpenAiChat, line.Body), Session: null);
    }

    private bool IsBilled(string request) => services.GetRequiredService<SqliteLedger>().Has(request);
}
