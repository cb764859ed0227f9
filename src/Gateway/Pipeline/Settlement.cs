using Countersign.Gateway.Ledger;
using Countersign.Gateway.Limits;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Pipeline;

/// <summary>The one place where a request that was attempted is written down: ledger and budgets before its answer ends, then metrics and spans from the same record.</summary>
internal sealed class Settlement(GatewayMetrics metrics, GatewayTracing tracing, TimeProvider time, ILogger<Settlement> log)
{
    /// <summary>When this returns, the request outlives the process.</summary>
    /// <returns>What was written down. Its problem is what the client is told: <paramref name="problem"/>, or that the ledger failed.</returns>
    public FinishedRequest Settle(Asked asked, Reservation reservation, ClientAnswer answer, Problem? problem)
    {
        var finished = Finished(asked, answer, problem);
        try
        {
            reservation.Settle(finished);
            return finished;
        }
        catch (ProblemException exception)
        {
            log.LedgerBroke(asked.Arrival.Id, exception);
            problem = new Problem(ProblemKind.Internal, $"The answer could not be recorded in the ledger, so it is not given; the log has more under {asked.Arrival.Id}.");
            return finished with { Problem = problem, Status = StatusOf(answer, problem) };
        }
    }

    /// <summary>Counts it, once its answer is on its way: the client does not wait for that.</summary>
    public void Report(FinishedRequest finished, Asked asked)
    {
        metrics.Record(finished, asked.Plan.Name);
        tracing.Record(finished, asked.Arrival.Parent);
        log.RequestEnded(finished.Id, asked.Plan.Name, finished.Status, finished.Duration.TotalMilliseconds, asked.Trace.Attempts.Count, asked.Trace.End);
    }

    private FinishedRequest Finished(Asked asked, ClientAnswer answer, Problem? problem) => new()
    {
        Id = asked.Arrival.Id,
        Caller = asked.Caller,
        Api = asked.Api,
        Operation = asked.Operation,
        Model = asked.Plan.Name,
        Route = asked.Plan.IsRoute ? asked.Plan.Name : null,
        RouteVersion = asked.Plan.IsRoute ? asked.Plan.Route.Version : null,
        Stream = asked.Stream,
        Started = asked.Arrival.Started,
        Duration = time.GetElapsedTime(asked.Arrival.Timestamp),
        Status = StatusOf(answer, problem),
        Problem = problem,
        Trace = asked.Trace,
    };

    private static int StatusOf(ClientAnswer answer, Problem? problem) => problem is null || (answer.HasStarted && problem.Kind is not ProblemKind.Cancelled) ? 200 : WireApi.StatusOf(problem.Kind);
}
