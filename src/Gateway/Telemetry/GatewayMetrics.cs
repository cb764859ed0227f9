using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Countersign.Cascade.Attempts;
using Countersign.Gateway.Ledger;
using Countersign.Protocol.Problems;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Countersign.Gateway.Telemetry;

/// <summary>What the gateway measures. Everything about a request is recorded once, from what the ledger was given; labels are names from the configuration only, so their number is bounded.</summary>
internal sealed class GatewayMetrics : IDisposable
{
    public const string MeterName = "Countersign.Gateway";

    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300] };
    private static readonly InstrumentAdvice<long> Tokens = new() { HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576] };

    private static readonly object[] BoxedStatuses = [.. Enumerable.Range(0, 600).Select(status => (object)status)];

    private readonly Meter meter = new(MeterName);
    private readonly Counter<long> requests, refused, attempts, verdicts, guesses;
    private readonly Counter<double> cost;
    private readonly Histogram<double> serverDuration, operationDuration, timeToFirstToken;
    private readonly Histogram<long> tokens;
    private readonly UpDownCounter<long> active;

    public GatewayMetrics()
    {
        requests = meter.CreateCounter<long>("countersign.requests", "{request}", "Finished requests by route, end and status.");
        refused = meter.CreateCounter<long>("countersign.requests.refused", "{request}", "Requests refused before anything was attempted.");
        attempts = meter.CreateCounter<long>("countersign.attempts", "{attempt}", "Attempts by deployment, purpose and status.");
        verdicts = meter.CreateCounter<long>("countersign.verdicts", "{verdict}", "Verdicts by route, validator and kind.");
        cost = meter.CreateCounter<double>("countersign.cost", "USD", "Known money of all attempts.");
        guesses = meter.CreateCounter<long>("countersign.engine.guesses", "{token}", "Tokens that a draft model, or what stood there already, guessed for the engine, by whether they held.");
        active = meter.CreateUpDownCounter<long>("countersign.requests.active", "{request}", "Requests on their way.");
        serverDuration = meter.CreateHistogram(GenAiNames.ServerRequestDuration, "s", "From a request's coming to its end.", advice: Seconds);
        operationDuration = meter.CreateHistogram(GenAiNames.OperationDuration, "s", "Duration of one attempt.", advice: Seconds);
        timeToFirstToken = meter.CreateHistogram(GenAiNames.TimeToFirstToken, "s", "From an attempt's start to its first token.", advice: Seconds);
        tokens = meter.CreateHistogram(GenAiNames.TokenUsage, "{token}", "Tokens of one attempt.", advice: Tokens);
    }

    /// <summary>A request that was refused before anything was reserved.</summary>
    public void Refuse(ProblemKind kind) => refused.Add(1, new Tag(GenAiNames.ErrorType, Name(kind)));

    public void Enter() => active.Add(1);

    public void Leave() => active.Add(-1);

    /// <summary>A request that the ledger holds.</summary>
    /// <param name="finished">As the ledger was given it.</param>
    /// <param name="plan">The route, pool or deployment that its model named.</param>
    public void Record(FinishedRequest finished, string plan)
    {
        string operation = Operation(finished);
        requests.Add(1, new("route", plan), new("end", Name(finished.Trace.End)), new("status", Boxed(finished.Status)));
        serverDuration.Record(finished.Duration.TotalSeconds, new(GenAiNames.RequestModel, plan), new(GenAiNames.OperationName, operation));
        foreach (var attempt in finished.Trace.Attempts) Record(attempt, operation);
        foreach (var verdict in finished.Trace.Verdicts)
            verdicts.Add(1, new("route", plan), new("validator", verdict.Validator), new("verdict", Name(verdict.Verdict.Kind)));
    }

    /// <summary>What was guessed for a model of the engine: so many tokens, of which so many held.</summary>
    public void RecordGuesses(string model, long guessed, long held)
    {
        if (held > 0) guesses.Add(held, new("model", model), new("held", "true"));
        if (guessed > held) guesses.Add(guessed - held, new("model", model), new("held", "false"));
    }

    public Meter Meter => meter;

    public void Dispose() => meter.Dispose();

    public static string Operation(FinishedRequest finished) => finished.Operation ?? (finished.Api is null ? GenAiNames.Embeddings : GenAiNames.Chat);

    private void Record(AttemptRecord attempt, string operation)
    {
        attempts.Add(1, new("deployment", attempt.Deployment), new("purpose", Name(attempt.Purpose)), new("status", Name(attempt.Status)));
        Tag operationTag = new(GenAiNames.OperationName, operation), provider = new(GenAiNames.ProviderName, attempt.Provider), model = new(GenAiNames.RequestModel, attempt.RequestModel);
        operationDuration.Record(attempt.Duration.TotalSeconds, operationTag, provider, model);
        if (attempt.TimeToFirstToken is { } wait) timeToFirstToken.Record(wait.TotalSeconds, operationTag, provider, model);
        if (attempt.Usage?.InputTokens is { } input) tokens.Record(input, [operationTag, provider, model, new(GenAiNames.TokenType, "input")]);
        if (attempt.Usage?.OutputTokens is { } output) tokens.Record(output, [operationTag, provider, model, new(GenAiNames.TokenType, "output")]);
        if (attempt.Cost.Usd > 0) cost.Add((double)attempt.Cost.Usd, new Tag("deployment", attempt.Deployment));
    }

    /// <summary>A status as a label's value, without a new object for every request.</summary>
    private static object Boxed(int status) => (uint)status < (uint)BoxedStatuses.Length ? BoxedStatuses[status] : status;

    private static string Name<T>(T value) where T : struct, Enum => EnumNames<T>.Of(value);

    private static class EnumNames<T> where T : struct, Enum
    {
        // By number: these enums are ints that count from 0.
        private static readonly string[] Names = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

        public static string Of(T value) => Names[Unsafe.BitCast<T, int>(value)];
    }
}
