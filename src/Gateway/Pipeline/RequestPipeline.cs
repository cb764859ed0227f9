using Countersign.Cascade.Running;
using Countersign.Gateway.Access;
using Countersign.Gateway.Limits;
using Countersign.Gateway.Shaping;
using Countersign.Gateway.Telemetry;
using Countersign.Protocol.Problems;
using Countersign.Protocol.Wire;
using Countersign.Protocol.Wire.Completions;
using Countersign.Protocol.Wire.Embeddings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Pipeline;

/// <summary>The way of a request for a model's answer, whatever its API, streamed or whole: from its bytes to the last byte of its answer.</summary>
internal sealed class RequestPipeline(SnapshotSource snapshots, AccessControl access, Limiter limiter, CascadeRunner cascade, EventLoop loop, Settlement settlement, GatewayMetrics metrics, TimeProvider time, ILogger<RequestPipeline> log)
{
    /// <summary>A chat, in the API of the endpoint.</summary>
    public Task ChatAsync(HttpContext http, WireApiKind api) => RunAsync(http, api, (arrival, caller, snapshot, body) =>
    {
        var request = WireRequestScanner.Scan(api, body, HeaderOf(http, "anthropic-beta"));
        ToolChecks.Check(request);
        var asked = new AskedChat(arrival, caller, snapshot, request, HeaderOf(http, "x-countersign-session"));
        if (HeaderOf(http, "anthropic-version") is { } version && version != WireApi.AnthropicVersion) asked.Trace.Warn($"The header `anthropic-version: {version}` was not followed: this gateway speaks {WireApi.AnthropicVersion}.");
        return asked;
    });

    /// <summary>Embeddings, in OpenAI's API.</summary>
    public Task EmbedAsync(HttpContext http) => RunAsync(http, WireApiKind.OpenAiChat, static (arrival, caller, snapshot, body) =>
        new AskedEmbeddings(arrival, caller, snapshot, EmbeddingRequestScanner.Scan(body)));

    /// <summary>Texts to go on with, in OpenAI's completions API.</summary>
    public Task CompleteAsync(HttpContext http) => RunAsync(http, WireApiKind.OpenAiChat, static (arrival, caller, snapshot, body) =>
        new AskedCompletion(arrival, caller, snapshot, CompletionRequest.Read(body)));

    /// <summary>Answers a request that was read and may use what it names.</summary>
    /// <exception cref="ProblemException">Nothing was attempted: rate or money do not suffice.</exception>
    public async Task AnswerAsync(Asked asked, ClientAnswer answer, CancellationToken cancellationToken)
    {
        // 4. Rate and money, reserved before they are used.
        await using var reservation = await limiter.ReserveAsync(DemandOf.Request(asked), cancellationToken);

        // 5. Draft, verdicts, repair, escalation; each attempt through dispatch to a provider.
        var events = asked.AnswerAsync(cascade, reservation, cancellationToken);
        var problem = await loop.PassOnAsync(events, answer, asked, cancellationToken);

        // 6. The ledger has it before the client has the end of it.
        if (problem is null) await answer.SealAsync();
        var finished = settlement.Settle(asked, reservation, answer, problem);

        // 7. The rest of the answer; then it is counted.
        try
        {
            if (finished.Problem is not { } told) await answer.EndAsync(cancellationToken);
            else if (told.Kind is not ProblemKind.Cancelled) await answer.FailAsync(told, cancellationToken);
        }
        finally
        {
            settlement.Report(finished, asked);
        }
    }

    private async Task RunAsync(HttpContext http, WireApiKind shape, Func<Arrival, Caller, GatewaySnapshot, ReadOnlyMemory<byte>, Asked> read)
    {
        metrics.Enter();
        var arrival = Arrival.Of(http, time);
        RequestBody? body = null;
        try
        {
            // 1. Who asks.
            var snapshot = snapshots.Current;
            var caller = access.Authenticate(http.Request.Headers, snapshot.Keys);

            // 2. The bytes, all of them.
            body = await RequestBody.ReadAsync(http.Request, snapshot.Configuration.Server.MaxBodyBytes, http.RequestAborted);

            // 3. What is asked, and which way it goes.
            var asked = read(arrival, caller, snapshot, body.Bytes);
            if (asked.Plan.InPlaceOf is { } retired) asked.Trace.Warn($"model: '{retired}' was retired by its maker and is not configured; its successor '{asked.Plan.Name}' was asked.");
            using ClientAnswer answer = asked.Stream ? new StreamedAnswer(http, asked) : new WholeAnswer(http, asked);
            await AnswerAsync(asked, answer, http.RequestAborted);
        }
        catch (Exception exception) when (http.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The client left before anything was attempted, or while its answer was sent: nobody to tell.
        }
        catch (Exception exception) when (!http.Response.HasStarted)
        {
            await RefuseAsync(http, shape, arrival, exception);
        }
        finally
        {
            body?.Dispose();
            metrics.Leave();
        }
    }

    private static string? HeaderOf(HttpContext http, string name) => http.Request.Headers[name].ToString() is { Length: > 0 } value ? value : null;

    private Task RefuseAsync(HttpContext http, WireApiKind shape, Arrival arrival, Exception exception)
    {
        var problem = (exception as ProblemException)?.Problem;
        if (problem is null) log.RequestBroke(arrival.Id, exception);
        problem ??= new Problem(ProblemKind.Internal, $"The gateway failed to answer; its log has more under {arrival.Id}.");
        metrics.Refuse(problem.Kind);
        return ProblemResponse.WriteAsync(http, shape, problem, http.RequestAborted);
    }
}
