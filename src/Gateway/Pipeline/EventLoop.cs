using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;
using Microsoft.Extensions.Logging;

namespace Countersign.Gateway.Pipeline;

/// <summary>Passes the winner's events on to the client as they come.</summary>
internal sealed class EventLoop(TimeProvider time, ILogger<EventLoop> log)
{
    /// <returns>Why the answer has no good end; <c>null</c> where it has.</returns>
    public async Task<Problem?> PassOnAsync(IAsyncEnumerable<ChatEvent> events, ClientAnswer answer, Asked asked, CancellationToken cancellationToken)
    {
        try
        {
            await using var source = events.GetAsyncEnumerator(cancellationToken);
            for (bool isFirst = true; await NextAsync(source, answer, asked, isFirst, cancellationToken); isFirst = false)
            {
                if (source.Current is AttemptFailed failed) return failed.Problem;
                answer.Take(source.Current);
            }

            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Cancelled, "The client left.");
        }
        catch (ProblemException exception)
        {
            return exception.Problem;
        }
        catch (Exception exception)
        {
            log.RequestBroke(asked.Arrival.Id, exception);
            return new Problem(ProblemKind.Internal, $"The gateway failed to answer; its log has more under {asked.Arrival.Id}.");
        }
    }

    /// <summary>Waits for the next event; what was taken is sent before waiting, not after every event, so that a burst makes one write.</summary>
    private ValueTask<bool> NextAsync(IAsyncEnumerator<ChatEvent> source, ClientAnswer answer, Asked asked, bool isFirst, CancellationToken cancellationToken)
    {
        var next = source.MoveNextAsync();
        if (next.IsCompleted) return next;
        if (asked.Stream && (isFirst || asked.Plan.IsGated)) return KeepAliveAsync(next.AsTask(), answer, asked, cancellationToken);
        var flush = answer.FlushAsync(cancellationToken);
        return flush.IsCompletedSuccessfully ? next : AfterAsync(flush, next);
    }

    private static async ValueTask<bool> AfterAsync(ValueTask flush, ValueTask<bool> next)
    {
        try
        {
            await flush;
        }
        catch
        {
            await EndOfAsync(next.AsTask());
            throw;
        }

        return await next;
    }

    /// <summary>Waits, and shows the client that it is not forgotten. Who is to get an upstream's answer as it comes is shown that only once that has begun: until then a failure can have its proper status.</summary>
    private async ValueTask<bool> KeepAliveAsync(Task<bool> next, ClientAnswer answer, Asked asked, CancellationToken cancellationToken)
    {
        try
        {
            await answer.FlushAsync(cancellationToken);
            while (!next.IsCompleted)
            {
                await ((Task)next).WaitAsync(asked.Snapshot.Configuration.Server.KeepAlive, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // Every stream comes by here: no other thread, no source of cancellation of its own.
                if (next.IsCompleted || cancellationToken.IsCancellationRequested) break;
                if (asked.Plan.IsGated || asked.Trace.IsAwaited) await answer.KeepAliveAsync(cancellationToken);
            }
        }
        catch
        {
            await EndOfAsync(next);
            throw;
        }

        return await next;
    }

    /// <summary>An enumerator may be disposed of only once its step has ended; the client's leaving ends it.</summary>
    private static async Task EndOfAsync(Task next) => await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
