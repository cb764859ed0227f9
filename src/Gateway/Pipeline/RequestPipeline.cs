using Countersign.Cascade.Running;
using Countersign.Gateway.Access;
using Countersign.Gateway.Configuration;
using Countersign.Gateway.Limits;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Pipeline;

/// <summary>The way of a chat request, whatever its API, streamed or whole: from its bytes to the last byte of its answer.</summary>
internal sealed class RequestPipeline(SnapshotSource snapshots, AccessControl access, Limiter limiter, CascadeRunner cascade, EventLoop loop, Settlement settlement, GatewayMetrics metrics, TimeProvider time, ILogger<RequestPipeline> log)
{
    /// <summary>Answers an HTTP request.</summary>
    public async Task RunAsync(HttpContext http, WireApiKind api)
    {
        string id = Arrival.Stamp(http, time);
        RequestBody? body = null;
        metrics.Enter();
        try
        {
            // 1. Who asks.
            var caller = access.Authenticate(http.Request.Headers);

            // 2. What is asked, and which way it goes.
            var snapshot = snapshots.Current;
            body = await RequestBody.ReadAsync(http.Request, snapshot.Configuration.Server.MaxBodyBytes, http.RequestAborted);
            var wire = WireRequestScanner.Scan(api, body.Bytes);
            var asked = new Asked
            {
                Id = id,
                Caller = caller,
                Wire = wire,
                Plan = snapshot.PlanFor(wire.Model, caller),
                Snapshot = snapshot,
                Session = http.Request.Headers["x-countersign-session"].ToString() is { Length: > 0 } session ? session : null,
                Started = time.GetUtcNow(),
                StartedTimestamp = time.GetTimestamp(),
            };

            // 3. to 6.
            using ClientAnswer answer = wire.Stream ? new StreamedAnswer(http, asked) : new WholeAnswer(http, asked);
            await AnswerAsync(asked, answer, Arrival.TraceContext(http.Request), http.RequestAborted);
        }
        catch (ProblemException refused)
        {
            metrics.Refuse(refused.Problem.Kind);
            await ProblemResponse.WriteAsync(http, api, refused.Problem, http.RequestAborted);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The client left before anything was attempted, or while its answer was sent: nobody to tell.
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            log.RequestBroke(id, exception);
            await ProblemResponse.WriteAsync(http, api, new Problem(ProblemKind.Internal, $"The gateway failed to answer; its log has more under {id}."), http.RequestAborted);
        }
        finally
        {
            body?.Dispose();
            metrics.Leave();
        }
    }

    /// <summary>Answers a request that was read and may use what it names.</summary>
    /// <exception cref="ProblemException">Nothing was attempted: rate or money do not suffice.</exception>
    public async Task AnswerAsync(Asked asked, ClientAnswer answer, System.Diagnostics.ActivityContext parent, CancellationToken cancellationToken)
    {
        // 3. Rate and money, reserved before they are used.
        await using var reservation = await limiter.ReserveAsync(DemandOf.Request(asked), cancellationToken);

        // 4. Draft, verdicts, repair, escalation; each attempt through dispatch to a provider.
        var request = new CascadeRequest { Route = asked.Plan.Route, Wire = asked.Wire, Session = SessionOf(asked), MaxUsd = reservation.Usd };
        var events = cascade.RunAsync(request, asked.Trace, asked.Snapshot.Dispatcher, cancellationToken);
        var problem = await loop.PassOnAsync(events, answer, asked, cancellationToken);

        // 5. The ledger has it before the client has the end of it.
        problem = await settlement.SettleAsync(asked, reservation, answer, problem, parent);

        // 6. The rest of the answer.
        if (problem is null) await answer.EndAsync(cancellationToken);
        else if (problem.Kind is not ProblemKind.Cancelled) await answer.FailAsync(problem, cancellationToken);
    }

    /// <summary>A session is its caller's own: two callers who name theirs alike share nothing.</summary>
    private static string? SessionOf(Asked asked) => asked.Plan.Route.Latch is null ? null : SessionKey.Of(asked.Caller.Id, asked.Session, asked.Wire.Parsed);
}
