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

    /// <summary>What would be asked, and the most that it can cost together; asks nothing.</summary>
    public (BatchTally Tally, Cost WorstCase) Look(string outputPath)
    {
        var answered = BatchOutput.AnsweredIn(outputPath);
        var (total, worst) = (0, Cost.Zero);
        foreach (var line in BatchLine.ReadAll(input, route))
        {
            total++;
            if (!answered.Contains(line.CustomId)) worst += Ask(line, Snapshot).Bounds.Most;
        }

        return (new BatchTally(total, answered.Count), worst);
    }

    /// <summary>Answers what no earlier run has.</summary>
    /// <param name="outputPath">Takes a line for each request.</param>
    /// <param name="parallel">How many requests run at once.</param>
    /// <param name="report">Is told after each request; one call at a time.</param>
    /// <param name="cancellationToken">Stops; what runs is cancelled, and asked again by the next run.</param>
    /// <exception cref="ProblemException">A line cannot be run; nothing was asked then.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    public async Task<BatchTally> RunAsync(string outputPath, int parallel, Action<BatchTally> report, CancellationToken cancellationToken)
    {
        await using var output = await BatchOutput.OpenAsync(outputPath, IsBilled);
        var (total, earlier) = (0, 0);
        foreach (var line in BatchLine.ReadAll(input, route))
        {
            Ask(line, Snapshot); // The whole file must be good before anything is asked.
            total++;
            if (output.Has(line)) earlier++;
        }

        var tally = new BatchTally(total, earlier);
        var gate = new Lock();
        report(tally);
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(BatchLine.ReadAll(input, route).Where(line => !output.Has(line)), options, async (line, stop) =>
        {
            var (asked, isAnswered) = await AnswerAsync(line, output, stop);
            lock (gate) report(tally = tally.With(asked.Trace, isAnswered));
        });
        output.Complete();
        return tally;
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task<(AskedChat Asked, bool IsAnswered)> AnswerAsync(BatchLine line, BatchOutput output, CancellationToken cancellationToken)
    {
        var asked = Ask(line, Snapshot);
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

    private AskedChat Ask(BatchLine line, GatewaySnapshot snapshot)
    {
        var arrival = new Arrival(RequestId.New(Time), Time.GetUtcNow(), Time.GetTimestamp(), default);
        try
        {
            return new AskedChat(arrival, Caller.Local, snapshot, WireRequestScanner.Scan(WireApiKind.OpenAiChat, line.Body), Session: null);
        }
        catch (ProblemException exception) when (exception.Problem.Kind == ProblemKind.InvalidRequest)
        {
            throw ProblemException.Invalid($"The request '{line.CustomId}' cannot be run: {exception.Message}", exception.Problem.Param);
        }
    }

    private bool IsBilled(string request) => services.GetRequiredService<SqliteLedger>().Has(request);
}
