using System.Runtime.CompilerServices;
using Countersign.Gateway.Providers.Http;
using Countersign.Protocol.Chat;
using Countersign.Protocol.Problems;

namespace Countersign.Gateway.Providers;

/// <summary>Runs one call within its time limits, and turns what it throws into its last event.</summary>
internal static class TimedCall
{
    /// <summary>The call's events.</summary>
    /// <param name="call">The call.</param>
    /// <param name="time">The clock.</param>
    /// <param name="start">Makes it.</param>
    /// <param name="explain">The problem that an exception means; <c>null</c> where it is a fault of ours.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public static async IAsyncEnumerable<ChatEvent> RunAsync(
        ProviderCall call, TimeProvider time, Func<CallTimer, IAsyncEnumerable<ChatEvent>> start, Func<Exception, CallTimer, Problem?> explain, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var timer = new CallTimer(call.Deployment.Timeouts, IsStream(call), time, cancellationToken);
        await using var answer = start(timer).GetAsyncEnumerator(timer.Token);
        Problem? problem = null;
        while (problem is null)
        {
            try
            {
                if (!await answer.MoveNextAsync()) yield break;
            }
            catch (Exception e) when (cancellationToken.IsCancellationRequested || explain(e, timer) is not null)
            {
                cancellationToken.ThrowIfCancellationRequested();
                problem = explain(e, timer);
                continue;
            }

            yield return answer.Current;
        }

        yield return new AttemptFailed(problem);
    }

    /// <summary>Whether its answer comes bit by bit.</summary>
    public static bool IsStream(ProviderCall call) => call is CompletionCall { Request.Settings.Stream: true } || call is ChatCall { Attempt: var attempt } && (attempt.PassThrough?.Stream ?? attempt.Request.Stream);
}
